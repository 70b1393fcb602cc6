// Several people at the same time: who comes second is told, and open pages hear of changes.
import assert from "node:assert/strict";
import { fillIn, scene } from "./lib/stage.mjs";
import { approve, exportAt, press, step } from "./lib/walk.mjs";

for (const script of [true, false]) {
  scene(`whoever decides second learns who was quicker and when, ${script ? "with" : "without"} JavaScript`, async (stage) => {
    const path = await exportAt(stage, "bank-check");
    const slow = await stage.as("nbe.supervisor", { script });
    await slow.goto(path);
    const form = slow.locator(`form[action="${path}/approvals/fx"]`);
    await fillIn(form, step("fx").facts());

    const quick = await stage.as("nbe.officer");
    const name = await quick.goto(path).then(() => quick.locator(".app-person [aria-hidden]").innerText());
    await approve(quick, path, "fx");

    const [answer] = await Promise.all([
      slow.waitForResponse((response) => response.request().method() === "POST"),
      form.locator("button[value=approve]").click(),
    ]);
    assert.equal(answer.status(), 409);
    const notice = slow.locator("#error-notice");
    await notice.waitFor();
    const text = await notice.innerText();
    assert.ok(text.includes(name), text);
    assert.match(text, /\d{2}:\d{2} EAT/);
    await press(slow, notice.locator(".govuk-button"));
    assert.match(await slow.locator("#timeline").innerText(), new RegExp(`approved[\\s\\S]*${name}`));
  });
}

scene("an inbox changes by itself when somebody else decides", async (stage) => {
  const path = await exportAt(stage, "bank-check");
  const watching = await stage.as("nbe.supervisor");
  await watching.goto(path);
  const reference = await watching.locator("h1").innerText();
  // The newest case is on the last page of a long queue: the search narrows it to this one.
  await watching.goto("/inbox?bucket=later");
  let row = watching.locator("[data-row]", { hasText: reference });
  while (!(await row.count())) await press(watching, "a[rel=next]");
  const stream = watching.locator("#live");
  assert.equal(await stream.count(), 1);
  await approve(await stage.as("nbe.officer"), path, "fx");
  await row.waitFor({ state: "detached" });
});

scene("an open case says that it has changed, and keeps what is being typed", async (stage) => {
  const path = await exportAt(stage, "bank-check");
  const writing = await stage.as("nbe.supervisor");
  await writing.goto(path);
  await fillIn(writing.locator("#panel form"), { etb_per_unit: "131.0000" });
  assert.ok(!(await writing.locator("#changed").isVisible()));
  await approve(await stage.as("nbe.officer"), path, "fx");
  await writing.locator("#changed").waitFor({ state: "visible" });
  assert.equal(await writing.inputValue("[name=etb_per_unit]"), "131.0000");
});

scene("parties talk on the case, and a case is taken and let go", async (stage) => {
  const path = await exportAt(stage, null);
  const bank = await stage.as("bank.officer");
  await bank.goto(path);
  await press(bank, `form[action="${path}/claim"] button`);
  assert.match(await bank.locator("#claim").innerText(), /has it since/);
  await bank.fill(`form[action="${path}/messages"] textarea`, "Please attach the signed contract.");
  await press(bank, `form[action="${path}/messages"] button`);

  const exporter = await stage.as("exporter.owner");
  await exporter.goto(path);
  assert.match(await exporter.locator("#messages").innerText(), /Please attach the signed contract\./);
  await press(bank, bank.locator("#claim").getByRole("button", { name: "Release" }));
  assert.match(await bank.locator("#claim").innerText(), /Nobody has taken it/);
});

scene("where no stream gets through, an open case asks every minute", async (stage) => {
  const path = await exportAt(stage, "bank-check");
  const reading = await stage.as("nbe.supervisor");
  // As behind a proxy that ends every answer: the stream opens, and is over.
  await reading.route(/\/live\?/, (route) => route.fulfill({ contentType: "text/event-stream", body: ": open\n\n" }));
  await reading.clock.install();
  // Else the minute that the clock is put on would be over before the answer is there.
  await reading.addInitScript(() => {
    document.addEventListener("htmx:sse:after:connection", () => document.documentElement.toggleAttribute("data-streamed", true));
  });
  await reading.goto(path);
  await reading.locator("html[data-streamed]").waitFor();
  const asked = () => reading.waitForResponse((answer) => answer.url().includes("/news?since="));
  const [first] = await Promise.all([asked(), reading.clock.runFor(61_000)]);
  // By this name the server knows that nobody did anything: it keeps nobody signed in.
  assert.equal(await first.request().headerValue("hx-source"), "div#news");
  assert.ok(!(await reading.locator("#changed").isVisible()), "nothing has happened yet");
  await approve(await stage.as("nbe.officer"), path, "fx");
  await Promise.all([asked(), reading.clock.runFor(61_000)]);
  await reading.locator("#changed").waitFor({ state: "visible" });
  stage.pardon(/htmx:sse:error/);
});
