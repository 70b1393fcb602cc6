// The check of a seal in the browser: what crate trust does in Rust, with the same verdicts and reasons. Which kinds of papers
// tell which facts, and every word that is shown, comes with the page.
const Seal = (() => {
  const LARGEST = 2048;
  const LARGEST_LIST = 4 * 1024 * 1024;
  const PATIENCE = 300;
  const LATEST = 253402300799;
  const PAPER = -65537;
  const N = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n;
  const ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
  const HARMFUL = /[\u0000-\u001f\u007f-\u009f\u00ad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]/;
  const utf8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
  const bytesOf = (text) => new TextEncoder().encode(text);
  const hex = (bytes) => [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  const fail = (what) => {
    throw new Error(what);
  };

  // One spelling: what would be written otherwise is not read.
  const fromBase64 = (text, isForAddresses) => {
    const usual = isForAddresses ? text.replaceAll("-", "+").replaceAll("_", "/") : text;
    if (isForAddresses ? /[^\w-]/.test(text) : /[^\w+/=]|_/.test(text)) fail("base64");
    const padded = isForAddresses ? usual + "=".repeat((4 - (usual.length % 4)) % 4) : usual;
    const binary = atob(padded);
    if (btoa(binary) !== padded) fail("base64");
    return Uint8Array.from(binary, (character) => character.charCodeAt(0));
  };
  const sha256 = async (bytes) => hex(new Uint8Array(await crypto.subtle.digest("SHA-256", bytes)));
  const verifies = async ({ kty, crv, x, y }, signature, bytes) => {
    const key = await crypto.subtle.importKey("jwk", { kty, crv, x, y }, { name: "ECDSA", namedCurve: crv }, false, ["verify"]);
    return crypto.subtle.verify({ name: "ECDSA", hash: crv === "P-384" ? "SHA-384" : "SHA-256" }, key, signature, bytes);
  };

  // CBOR with one spelling (RFC 8949, 4.2.1): definite lengths, shortest heads, whole numbers as keys, in order.
  const decode = (bytes) => {
    let at = 0;
    const take = (length) => {
      if (length > bytes.length - at) fail("it ends too early");
      at += length;
      return bytes.subarray(at - length, at);
    };
    const head = () => {
      const [first] = take(1);
      const small = first & 31;
      if (small < 24) return [first >> 5, small];
      if (small > 27) fail("length");
      const size = 2 ** (small - 24);
      let number = 0n;
      for (const byte of take(size)) number = (number << 8n) | BigInt(byte);
      if (number < [24n, 0x100n, 0x10000n, 0x100000000n][small - 24]) fail("not the shortest");
      return [first >> 5, number <= Number.MAX_SAFE_INTEGER ? Number(number) : number];
    };
    const isBefore = (one, other) => {
      for (let i = 0; i < Math.min(one.length, other.length); i += 1) if (one[i] !== other[i]) return one[i] < other[i];
      return one.length < other.length;
    };
    const item = (depth) => {
      const [major, argument] = head();
      if (major === 0) return argument;
      if (major === 1) return typeof argument === "bigint" ? fail("number") : -1 - argument;
      if (depth > 4) fail("too deep");
      if (typeof argument === "bigint") fail("it ends too early");
      if (major === 2) return take(argument);
      if (major === 3) return utf8.decode(take(argument));
      if (major === 4) {
        if (argument > bytes.length - at) fail("it ends too early");
        return Array.from({ length: argument }, () => item(depth + 1));
      }
      if (major === 5) {
        const map = new Map();
        let last;
        for (let left = argument; left > 0; left -= 1) {
          const from = at;
          const key = item(depth + 1);
          const written = bytes.subarray(from, at);
          if (typeof key !== "number" || (last && !isBefore(last, written))) fail("keys");
          last = written;
          map.set(key, item(depth + 1));
        }
        return map;
      }
      if (major === 6) return { tag: argument, value: item(depth + 1) };
      return fail("type");
    };
    const value = item(0);
    if (at !== bytes.length) fail("something follows");
    return value;
  };

  const isPlain = (text, longest) => typeof text === "string" && text !== "" && bytesOf(text).length <= longest && text.trim() === text && !HARMFUL.test(text);
  const isCount = (number) => (typeof number === "number" && number >= 0) || (typeof number === "bigint" && number >= 0n);
  const isMoment = (number) => typeof number === "number" && number >= 0 && number <= LATEST;
  const isBytes = (value, length) => value instanceof Uint8Array && value.length === length;
  const only = (map, known) => {
    if (!(map instanceof Map) || [...map.keys()].some((key) => !known.includes(key))) fail("a claim is not known");
  };
  const codeOf = (bytes) => {
    let bits = 0n;
    for (const byte of bytes) bits = (bits << 8n) | BigInt(byte);
    bits <<= 2n;
    return Array.from({ length: 26 }, (_, place) => ALPHABET[Number((bits >> BigInt(125 - 5 * place)) & 31n)]).join("");
  };

  const claimsOf = (bytes, kinds, facts) => {
    const map = decode(bytes);
    only(map, [1, 4, 5, 6, 7, PAPER]);
    const paper = map.get(PAPER);
    only(paper, [1, 2, 3, 4, 5, 6]);
    const claims = {
      issuer: map.get(1), until: map.get(4), from: map.get(5), issued: map.get(6), kind: paper.get(1), number: paper.get(2),
      duplicate: paper.get(4) ?? 0, signatories: paper.get(5) ?? [], facts: paper.get(6),
    };
    const kind = kinds.get(claims.kind);
    if (!/^[A-Za-z0-9_.-]{1,32}$/.test(claims.issuer) || typeof claims.issuer !== "string" || !isPlain(claims.number, 96)) fail("text");
    if (![claims.issued, claims.until ?? 0, claims.from ?? 0].every(isMoment)) fail("moment");
    if (claims.until !== undefined && claims.until <= (claims.from ?? claims.issued)) fail("order");
    if (!isBytes(map.get(7), 16) || !isBytes(paper.get(3), 32) || !kind) fail("number");
    if (paper.has(4) && !(typeof claims.duplicate === "number" && claims.duplicate > 0 && claims.duplicate <= 0xffffffff)) fail("duplicate");
    const isSignatory = (who) => Array.isArray(who) && who.length === 2 && who.every((text) => isPlain(text, 96));
    const { signatories } = claims;
    if (!Array.isArray(signatories) || signatories.length > 3 || (paper.has(5) && !signatories.length) || !signatories.every(isSignatory)) fail("signatories");
    if (!(claims.facts instanceof Map) || claims.facts.size < 1 || claims.facts.size > 15) fail("facts");
    for (const [fact, value] of claims.facts) {
      const form = facts.get(fact);
      const fits = form === "number" ? isCount(value) : form === "country" ? /^[A-Z]{2}$/.test(value) && typeof value === "string" : isPlain(value, 96);
      if (!fits || !kind.may.includes(fact)) fail("fact");
    }
    if (!kind.must.every((fact) => claims.facts.has(fact))) fail("a fact is missing");
    claims.code = codeOf(map.get(7));
    claims.content = hex(paper.get(3));
    return claims;
  };

  const parse = (bytes, kinds, facts) => {
    if (bytes.length > LARGEST) fail("too large");
    const { tag, value } = decode(bytes);
    if (tag !== 18 || !Array.isArray(value) || value.length !== 4) fail("no COSE_Sign1");
    const [written, open, payload, signature] = value;
    if (!(written instanceof Uint8Array) || !(payload instanceof Uint8Array) || !(open instanceof Map) || open.size) fail("headers");
    const header = decode(written);
    if (!(header instanceof Map) || header.size !== 2 || header.get(1) !== -7 || !isBytes(header.get(4), 8)) fail("headers");
    if (!isBytes(signature, 64)) fail("signature");
    const [r, s] = [signature.subarray(0, 32), signature.subarray(32)].map((part) => BigInt(`0x${hex(part)}`));
    if (r === 0n || r >= N || s === 0n || s > N / 2n) fail("signature");
    const string = (part) => {
      const length = part.length;
      const first = length < 24 ? [0x40 | length] : length < 256 ? [0x58, length] : [0x59, length >> 8, length & 255];
      return [...first, ...part];
    };
    const signed = Uint8Array.from([0x84, 0x6a, ...bytesOf("Signature1"), ...string(written), 0x40, ...string(payload)]);
    return { keyId: hex(header.get(4)), signature, signed, claims: claimsOf(payload, kinds, facts) };
  };

  const judge = (claims, entry, now) => {
    if (!entry.purposes.includes("SEAL")) return ["SIGNER_NOT_TRUSTED", "OTHER_PURPOSE"];
    if (claims.issuer !== entry.organization) return ["SIGNER_NOT_TRUSTED", "OTHER_ORGANIZATION"];
    if (claims.issued < entry.not_before || claims.issued > entry.not_after) return ["SIGNER_NOT_TRUSTED", "OUTSIDE_CERTIFICATE"];
    if (claims.issued > now + PATIENCE) return ["CANNOT_TELL", "ISSUED_LATER"];
    const { status, since, reason, invalidity_date: earlier } = entry.state;
    if (status === "SUSPENDED") {
      if (claims.issued >= since) return ["SIGNER_SUSPENDED", "CERTIFICATE_SUSPENDED", since];
    } else if (status === "REVOKED") {
      const from = Math.min(since, earlier ?? since);
      if (claims.issued >= from) return ["SIGNER_REVOKED", "CERTIFICATE_REVOKED", from];
      if (["KEY_COMPROMISE", "CA_COMPROMISE"].includes(reason)) return ["CANNOT_TELL", "KEY_COMPROMISED", from];
    } else if (status !== "GOOD") {
      return ["CANNOT_TELL", "TRUST_LIST"];
    }
    if (claims.from > now) return ["NOT_YET_VALID", "NOT_BEFORE", claims.from];
    if (claims.until <= now) return ["EXPIRED", "OVER", claims.until];
    return ["VALID", "SEAL_HOLDS"];
  };

  return {
    /** A verified list, or an error. Its signer's certificate and key are pinned by the page. */
    async list(text, pin, now) {
      if (text.length > LARGEST_LIST) fail("size");
      const parts = text.split(".");
      if (parts.length !== 3) fail("form");
      const [header, payload, signature] = parts.map((part) => fromBase64(part, true));
      const { alg, typ, x5c, ...more } = JSON.parse(utf8.decode(header));
      if (typ !== "jebena-trust-list+jws" || alg !== (pin.crv === "P-384" ? "ES384" : "ES256") || Object.keys(more).length) fail("header");
      if ((await sha256(fromBase64(x5c[0], false))) !== pin.sha256) fail("signer");
      if (!(await verifies(pin, signature, bytesOf(`${parts[0]}.${parts[1]}`)))) fail("signature");
      const list = JSON.parse(utf8.decode(payload));
      if (list.version !== 1 || list.root !== pin.root) fail("root");
      if (list.issued_at > now + PATIENCE) fail("made later");
      return { ...list, text, isOver: list.next_update <= now };
    },

    /** What a text with a seal in it is worth: `{ verdict, reason, since, claims, signer }`. */
    async check(text, list, { kinds, facts }, now) {
      const bad = (verdict, reason) => ({ verdict, reason });
      let seal;
      let code;
      try {
        const [, found, fragment] = /^\S*?\/[vV]\/([A-Z2-7]{26})#(\S+)$/.exec(text.trim()) ?? [, null, text.trim()];
        code = found;
        seal = parse(fromBase64(fragment, true), kinds, facts);
      } catch {
        return bad("NOT_A_PROOF", "NOT_A_SEAL");
      }
      const { claims } = seal;
      if (!list) return { ...bad("CANNOT_TELL", "NO_TRUST_LIST"), claims };
      if (list.isOver) return { ...bad("CANNOT_TELL", "TRUST_LIST"), claims };
      const signer = list.entries.find((entry) => entry.key_id === seal.keyId);
      if (code && code !== claims.code) return { ...bad("ALTERED", "OTHER_PAPER"), claims };
      if (!signer) return { ...bad("SIGNER_NOT_TRUSTED", "UNKNOWN_SIGNER"), claims };
      if (signer.jwk.crv !== "P-256" || !(await verifies(signer.jwk, seal.signature, seal.signed))) return { ...bad("ALTERED", "SIGNATURE"), claims };
      const [verdict, reason, since] = judge(claims, signer, now);
      return { verdict, reason, since, claims, signer };
    },
  };
})();
