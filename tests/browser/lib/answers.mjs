// What people type into the forms on the way to an export; `n` keeps the numbers of one firm apart from another's.
import { day } from "./browser.mjs";

/** A firm's profile. */
export const profile = (name, n) => ({
  business_name: name, tin: `007700000${n}`, declared_capital: "21,000,000", office_address: "Bole, Addis Ababa",
  region: "Oromia", contact_person: "Hirut Tadesse Wolde", email: "office@firm.example", phone: "+251 911 234 567",
});

/** A taster in its service. */
export const taster = (n) => ({
  full_name: "Abebech Tumsa Wako", date_of_birth: "1990-02-03", national_id: `ET-GEDEO-${n}`,
  qualification_level: "DIPLOMA", proficiency_certificate_number: `CTP-2026-7${n}`, certificate_issue_date: day(-30),
  certificate_expiry_date: day(335), employment_start_date: "2020-01-01", is_exclusive_employee: "yes",
});

/** A lot of the exchange's auction. */
export const lot = (n) => ({
  source: "ECX", lot_number: `ECX-2026-99000${n}`, warehouse_receipt_number: `WR-ECX-2026-99000${n}`,
  receipt_date: day(-3), warehouse_location: "Hawassa", warehouse_name: "Hawassa warehouse 2", coffee_type: "Sidama",
  origin_region: "Sidama", processing_method: "WASHED", preliminary_grade: "2", crop_year: "2025/26",
  coffee_contract_symbol: "WSDA", quantity: "19,200", bags: "320", purchase_date: day(-3), purchase_price: "900",
});

/** What an officer reads off the receipt of `lot`, whose owner is the firm of `n`. */
export const receipt = ({ lot_number, warehouse_receipt_number, quantity, preliminary_grade }, n) => ({
  seen_number: lot_number, seen_receipt: warehouse_receipt_number, seen_tin: `007700000${n}`, seen_quantity: quantity,
  seen_grade: preliminary_grade, seen_expires_on: day(17),
});

/** A sample that is drawn today. */
export const drawing = () => ({ center: "Hawassa", grams: "300", drawn_on: day() });

/** What the laboratory finds: 78.5 points, grade 2. */
export const findings = () => ({
  raw_primary: "13", raw_secondary: "11", raw_odour: "9", primary_defects: "2", secondary_defects: "6", moisture: "11.2",
  screen_15: "50", screen_16: "38",
  ...Object.fromEntries(
    ["HG", "MT", "AB"].flatMap((initials, row) => [
      [`cup_60_taster_${row + 1}`, initials],
      ...Object.entries({ cleanliness: "12", acidity: "11.5", body: "11", flavour: "11" }).map(([item, points]) => [
        `cup_60_${item}_${row + 1}`,
        points,
      ]),
    ]),
  ),
});

/** A contract with `buyer` above the minimum price. */
export const contract = (buyer) => ({
  buyer_id: buyer, deal_date: day(), coffee_type: "Sidama", processing_method: "WASHED", grade: "2", quantity: "19200",
  tolerance_pct: "3", currency: "USD", price_unit: "KG", price_quoted: "9.60", price_basis: "OUTRIGHT",
  payment_method: "CAD", incoterm: "FOB", named_place: "Djibouti", transport_mode: "SEA", port_of_loading: "DJJIB",
  port_of_discharge: "DEHAM", shipment_month: day(20).slice(0, 7),
});
