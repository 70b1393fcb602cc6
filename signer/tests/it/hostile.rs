//! More than a hundred requests that nobody should be issued a certificate for, each with the reason that is given.

use jebena_signer::keypair::KeyPair;
use jebena_signer::x509::profile::Profile;
use jebena_signer::x509::request::{Flaw, Known, LONGEST, examine};

use crate::outside::{Desk, openssl};
use crate::pkcs10::{Csr, attribute, extension, extensions, known, naming, oid, tlv, wrapped};

type Case = (String, Vec<u8>, Flaw);

const CN: &str = "2.5.4.3";
const O: &str = "2.5.4.10";
const UTF8: u8 = 0x0c;
const PRINTABLE: u8 = 0x13;

fn named(name: &str, parts: Vec<Vec<u8>>, flaw: Flaw) -> Case {
    (name.to_owned(), Csr { name: parts, ..Csr::good() }.der(), flaw)
}

/// A common name of this type of string beside a right country and organisation.
fn common(name: &str, tag: u8, value: &[u8], flaw: Flaw) -> Case {
    named(name, [Csr::good().name[..2].to_vec(), vec![naming(CN, tag, value)]].concat(), flaw)
}

fn asking(name: &str, all: &[Vec<u8>], flaw: Flaw) -> Case {
    (name.to_owned(), Csr { attributes: vec![extensions(all)], ..Csr::good() }.der(), flaw)
}

fn encodings() -> Vec<Case> {
    let good = Csr::good().der();
    let pem = der::pem::encode_string("CERTIFICATE REQUEST", der::pem::LineEnding::LF, &good).unwrap();
    let case = |name: &str, bytes: &[u8], flaw| (name.to_owned(), bytes.to_vec(), flaw);
    let version = |content: &[u8]| Csr { version: tlv(2, content), ..Csr::good() }.der();
    let names = "alt.example.".repeat(85_000);
    vec![
        case("nothing", b"", Flaw::NotARequest),
        case("a word", b"no", Flaw::NotARequest),
        case("a byte behind it", &[&good[..], &[0]].concat(), Flaw::NotARequest),
        case("another behind it", &[&good[..], &good[..]].concat(), Flaw::NotARequest),
        case("cut off", &good[..good.len() - 1], Flaw::NotARequest),
        case("without an end", &[&[0x30, 0x80], &good[4..], &[0, 0]].concat(), Flaw::NotARequest),
        case("a length in too many bytes", &[&[0x30, 0x83, 0], &good[2..]].concat(), Flaw::NotARequest),
        case("PEM of something else", pem.replace("CERTIFICATE REQUEST", "CERTIFICATE").as_bytes(), Flaw::NotARequest),
        case("PEM with a text behind it", format!("{pem}and more").as_bytes(), Flaw::NotARequest),
        case("PEM twice", format!("{pem}{pem}").as_bytes(), Flaw::NotARequest),
        case("a text before PEM", format!("here: {pem}").as_bytes(), Flaw::NotARequest),
        case("PEM that is no base64", pem.replace('M', "!").as_bytes(), Flaw::NotARequest),
        case("version 2", &version(&[1]), Flaw::Version),
        case("version 3", &version(&[2]), Flaw::Version),
        case("a negative version", &version(&[0xff]), Flaw::NotARequest),
        case("a huge version", &version(&[0x7f; 20]), Flaw::NotARequest),
        case("version 1 in two bytes", &version(&[0, 0]), Flaw::NotARequest),
        asking(
            "a megabyte of names",
            &[extension("2.5.29.17", false, &tlv(0x30, &tlv(0x82, names.as_bytes())))],
            Flaw::TooLong,
        ),
        case("a megabyte of nothing", &vec![0x30; 1 << 20], Flaw::TooLong),
        case("one byte too long", &vec![b'-'; LONGEST + 1], Flaw::TooLong),
    ]
}

fn signatures() -> Vec<Case> {
    let case = |name: &str, csr: Csr, flaw| (name.to_owned(), csr.der(), flaw);
    let with = |signature: Vec<u8>| Csr { signature: Some(signature), ..Csr::good() };
    let algorithm =
        |id: &str, more: &[u8]| Csr { algorithm: tlv(0x30, &[oid(id), more.to_vec()].concat()), ..Csr::good() };
    let mut flipped = Csr::good();
    let mut signature = flipped.signed();
    let last = signature.len() - 1;
    signature[last] ^= 1;
    flipped.signature = Some(signature);
    let other = Csr::good();
    let zero = tlv(0x30, &[tlv(2, &[0]), tlv(2, &[1])].concat());
    let mut swapped = Csr::good();
    swapped.signature = Some(swapped.signed());
    swapped.name[2] = naming(CN, UTF8, b"Another");
    vec![
        case("a changed signature", flipped, Flaw::Signature),
        case("of another key", with(other.signed()), Flaw::Signature),
        case("of another name", swapped, Flaw::Signature),
        case("no signature", with(Vec::new()), Flaw::Signature),
        case("a signature of zero", with(zero), Flaw::Signature),
        case("a signature of two halves", with(vec![7; 64]), Flaw::Signature),
        case("SHA-1", algorithm("1.2.840.10045.4.1", &[]), Flaw::OtherAlgorithm),
        case("SHA-224", algorithm("1.2.840.10045.4.3.1", &[]), Flaw::OtherAlgorithm),
        case("SHA-384 that is SHA-256", algorithm("1.2.840.10045.4.3.3", &[]), Flaw::Signature),
        case("RSA with a curve's key", algorithm("1.2.840.113549.1.1.11", &[5, 0]), Flaw::OtherAlgorithm),
        case("parameters", algorithm("1.2.840.10045.4.3.2", &[5, 0]), Flaw::OtherAlgorithm),
        case("Ed25519 with a curve's key", algorithm("1.3.101.112", &[]), Flaw::OtherAlgorithm),
    ]
}

fn points() -> Vec<Case> {
    let good = Csr::good();
    let point = good.point();
    let with = |curve: &[u8], point: &[u8]| {
        let algorithm = tlv(0x30, &[&oid("1.2.840.10045.2.1"), curve].concat());
        let public = tlv(0x30, &[algorithm, tlv(3, &[&[0], point].concat())].concat());
        Csr { public, ..Csr::good() }.der()
    };
    let p256 = oid("1.2.840.10045.3.1.7");
    let mut beside = point.clone();
    beside[64] ^= 1;
    let compressed = [&[2 + (point[64] & 1)], &point[1..33]].concat();
    let hybrid = [&[6 + (point[64] & 1)], &point[1..]].concat();
    let case = |name: &str, bytes: Vec<u8>, flaw| (name.to_owned(), bytes, flaw);
    vec![
        case("a point beside the curve", with(&p256, &beside), Flaw::NotAPoint),
        case("the point at infinity", with(&p256, &[0]), Flaw::NotAPoint),
        case("a compressed point", with(&p256, &compressed), Flaw::NotAPoint),
        case("a hybrid point", with(&p256, &hybrid), Flaw::NotAPoint),
        case("half a point", with(&p256, &point[..33]), Flaw::NotAPoint),
        case("no point", with(&p256, &[]), Flaw::NotAPoint),
        case("zeros", with(&p256, &[&[4], &[0; 64][..]].concat()), Flaw::NotAPoint),
        case("no curve", with(&[], &point), Flaw::OtherCurve),
        case("the issuer's curve", with(&[5, 0], &point), Flaw::OtherCurve),
        case("a curve by a number", with(&tlv(2, &[1]), &point), Flaw::OtherCurve),
        case("a curve of others", with(&oid("1.2.3.4"), &point), Flaw::OtherCurve),
    ]
}

/// Keys that OpenSSL makes.
fn keys() -> Vec<Case> {
    let desk = Desk::new();
    let subject = format!("/C=ET/O={}/CN=Seal", known().organization);
    let made = |name: &str, key: &[&str], more: &[&str], flaw| {
        let (key_file, out) = (desk.path("key.pem"), desk.path("request.der"));
        let (is_made, told) = openssl(&[&["genpkey", "-out", key_file.to_str().unwrap()], key].concat());
        assert!(is_made, "{name}: {told}");
        let asked = ["req", "-new", "-outform", "DER", "-subj", &subject, "-key", key_file.to_str().unwrap(), "-out"];
        let (is_made, told) = openssl(&[&asked[..], &[out.to_str().unwrap()], more].concat());
        assert!(is_made, "{name}: {told}");
        (name.to_owned(), std::fs::read(out).unwrap(), flaw)
    };
    let curve = |name: &str, flaw| {
        let option = format!("ec_paramgen_curve:{name}");
        made(name, &["-algorithm", "EC", "-pkeyopt", &option], &[], flaw)
    };
    let p256 = ["-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-256"];
    let explicit = [&p256[..], &["-pkeyopt", "ec_param_enc:explicit"]].concat();
    vec![
        made("RSA-1024", &["-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:1024"], &[], Flaw::WeakKey),
        made("RSA-2048", &["-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:2048"], &[], Flaw::WeakKey),
        made("RSA-3072", &["-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:3072"], &[], Flaw::OtherKey),
        made("RSA-PSS", &["-algorithm", "RSA-PSS", "-pkeyopt", "rsa_keygen_bits:2048"], &[], Flaw::OtherKey),
        made("Ed25519", &["-algorithm", "ED25519"], &[], Flaw::OtherKey),
        made("Ed448", &["-algorithm", "ED448"], &[], Flaw::OtherKey),
        curve("prime192v1", Flaw::WeakKey),
        curve("secp224r1", Flaw::WeakKey),
        curve("secp256k1", Flaw::OtherCurve),
        curve("brainpoolP256r1", Flaw::OtherCurve),
        curve("secp384r1", Flaw::OtherCurve),
        curve("secp521r1", Flaw::OtherCurve),
        made("a described curve", &explicit, &[], Flaw::OtherCurve),
        made("SHA-1 of OpenSSL", &p256, &["-sha1"], Flaw::OtherAlgorithm),
        made("SHA3-256", &p256, &["-sha3-256"], Flaw::OtherAlgorithm),
    ]
}

fn names() -> Vec<Case> {
    let good = Csr::good().name;
    let more = |id: &str, tag: u8, value: &[u8]| [good.clone(), vec![naming(id, tag, value)]].concat();
    let instead = |place: usize, part: Vec<u8>| {
        let mut parts = good.clone();
        parts[place] = part;
        parts
    };
    let both = tlv(
        0x31,
        &[
            tlv(0x30, &[oid(CN), tlv(UTF8, b"One")].concat()),
            tlv(0x30, &[oid(O), tlv(UTF8, known().organization.as_bytes())].concat()),
        ]
        .concat(),
    );
    let foreign = known().organization.replace('o', "\u{43e}");
    let mut all = vec![
        named("no name", Vec::new(), Flaw::NoName),
        named("no common name", good[..2].to_vec(), Flaw::NoName),
        named("two common names", more(CN, UTF8, b"Other"), Flaw::NameTwice),
        named("two organisations", more(O, UTF8, known().organization.as_bytes()), Flaw::NameTwice),
        named("two in one", vec![both], Flaw::NameTwice),
        named("another organisation", instead(1, naming(O, UTF8, b"National Bank of Ethiopia")), Flaw::ForeignName),
        named("another country", instead(0, naming("2.5.4.6", PRINTABLE, b"KE")), Flaw::ForeignName),
        named("a country in small letters", instead(0, naming("2.5.4.6", PRINTABLE, b"et")), Flaw::ForeignName),
        named("another number", more("2.5.4.97", UTF8, b"NTRET-0000000002"), Flaw::ForeignName),
        named("a space behind", instead(1, naming(O, UTF8, b"Coffee ")), Flaw::NameLength),
        named("letters of others", instead(1, naming(O, UTF8, foreign.as_bytes())), Flaw::NameLookAlike),
    ];
    for (what, id, value) in [
        ("a unit", "2.5.4.11", "Seals"),
        ("a negative number", "2.5.4.5", "-1"),
        ("a huge number", "2.5.4.5", "99999999999999999999999999999999999999999999999999"),
        ("a place", "2.5.4.7", "Addis Ababa"),
        ("a state", "2.5.4.8", "Oromia"),
        ("a title", "2.5.4.12", "Minister"),
        ("a surname", "2.5.4.4", "Bekele"),
        ("a user", "0.9.2342.19200300.100.1.1", "root"),
        ("an unknown part", "1.2.3.4", "x"),
    ] {
        all.push(named(what, more(id, UTF8, value.as_bytes()), Flaw::NamePart));
    }
    all.push(named("a mail", more("1.2.840.113549.1.9.1", 0x16, b"a@b.example"), Flaw::NamePart));
    all.push(named("a domain", more("0.9.2342.19200300.100.1.25", 0x16, b"example"), Flaw::NamePart));
    all
}

fn texts() -> Vec<Case> {
    let mut all = Vec::new();
    for (what, text) in [
        ("NUL", "ECTA\u{0}.example"),
        ("right to left", "ECTA \u{202e}lae"),
        ("an isolated direction", "\u{2067}ECTA"),
        ("a mark of direction", "EC\u{200f}TA"),
        ("an Arabic mark", "EC\u{61c}TA"),
        ("a space without width", "EC\u{200b}TA"),
        ("a joiner", "EC\u{200d}TA"),
        ("a mark of order", "\u{feff}ECTA"),
        ("a soft hyphen", "EC\u{ad}TA"),
        ("a new line", "ECTA\nCN=Root"),
        ("a tabulator", "EC\tTA"),
        ("a fast space", "EC\u{a0}TA"),
        ("a line's end", "EC\u{2028}TA"),
        ("a filler", "EC\u{3164}TA"),
        ("a tag", "ECTA\u{e0041}"),
        ("delete", "ECTA\u{7f}"),
    ] {
        all.push(common(what, UTF8, text.as_bytes(), Flaw::NameUnseen));
    }
    for (what, text) in [
        ("one Cyrillic letter", "N\u{430}tional Bank"),
        ("all Cyrillic", "\u{415}\u{421}\u{422}\u{410}"),
        ("all Greek", "\u{395}\u{3a4}\u{391}"),
        ("Armenian", "\u{555}\u{555}"),
        ("Cherokee", "\u{13a1}\u{13df}\u{13a2}\u{13aa}"),
        ("full width", "\u{ff25}\u{ff23}"),
        ("mathematical", "\u{1d400}\u{1d401}"),
        ("Coptic", "\u{2c88}\u{2ca4}"),
        ("Lisu", "\u{a4ef}\u{a4dd}"),
        ("a letter and its accent", "Cafe\u{301}"),
        ("Arabic", "\u{642}\u{647}\u{648}\u{629}"),
        ("a division slash", "ECTA\u{2215}Root"),
    ] {
        all.push(common(what, UTF8, text.as_bytes(), Flaw::NameLookAlike));
    }
    for (what, text) in [
        ("empty", String::new()),
        ("a space", " ".to_owned()),
        ("a space before", " ECTA".to_owned()),
        ("65 letters", "a".repeat(65)),
        ("10,000 letters", "a".repeat(10_000)),
    ] {
        all.push(common(what, UTF8, text.as_bytes(), Flaw::NameLength));
    }
    for (what, tag, bytes) in [
        ("no UTF-8", UTF8, &b"EC\xffTA"[..]),
        ("a NUL in two bytes", UTF8, b"EC\xc0\x80TA"),
        ("half a pair", UTF8, b"EC\xed\xa0\x80"),
        ("cut off in a letter", UTF8, b"EC\xe1\x8b"),
        ("BMPString", 0x1e, b"\0E\0C\0T\0A"),
        ("BMPString with half a pair", 0x1e, b"\xd8\0\0A"),
        ("BMPString of odd length", 0x1e, b"\0E\0"),
        ("TeletexString", 0x14, b"ECTA"),
        ("IA5String", 0x16, b"ECTA"),
        ("a star in PrintableString", PRINTABLE, b"*.example"),
        ("a number", 2, b"\x01"),
        ("bytes", 4, b"ECTA"),
    ] {
        all.push(common(what, tag, bytes, Flaw::NameEncoding));
    }
    // A type that no reader here knows.
    all.push(common("UniversalString", 0x1c, b"\0\0\0E", Flaw::NotARequest));
    all
}

fn wishes() -> Vec<Case> {
    let basic = |content: &[u8]| extension("2.5.29.19", true, &tlv(0x30, content));
    let usage = |bits: &[u8]| extension("2.5.29.15", true, &tlv(3, bits));
    let purposes = |all: &[&str]| {
        let all: Vec<u8> = all.iter().flat_map(|one| oid(one)).collect();
        extension("2.5.29.37", false, &tlv(0x30, &all))
    };
    let names = |name: &[u8]| extension("2.5.29.17", false, &tlv(0x30, name));
    let plain = |id: &str, critical| extension(id, critical, &tlv(0x30, &[]));
    let mut all = vec![
        asking("an authority", &[basic(&[1, 1, 0xff])], Flaw::Authority),
        asking("an authority with a length", &[basic(&[1, 1, 0xff, 2, 1, 0])], Flaw::Authority),
        asking("a length alone", &[basic(&[2, 1, 0])], Flaw::Authority),
        asking("signing certificates", &[usage(&[2, 4])], Flaw::Authority),
        asking("signing lists", &[usage(&[1, 2])], Flaw::Authority),
        asking("signing connections", &[usage(&[7, 0x80])], Flaw::OtherUse),
        asking("both signatures", &[usage(&[6, 0xc0])], Flaw::OtherUse),
        asking("a server", &[purposes(&["1.3.6.1.5.5.7.3.1"])], Flaw::OtherUse),
        asking("any purpose", &[purposes(&["2.5.29.37.0"])], Flaw::OtherUse),
        asking("code", &[purposes(&["1.3.6.1.5.5.7.3.36", "1.3.6.1.5.5.7.3.3"])], Flaw::OtherUse),
        asking("answering", &[purposes(&["1.3.6.1.5.5.7.3.9"])], Flaw::OtherUse),
        asking("a host", &[names(&tlv(0x82, b"jebena.example"))], Flaw::FurtherNames),
        asking("an address", &[names(&tlv(0x81, b"a@b.example"))], Flaw::FurtherNames),
        asking("a host with NUL", &[names(&tlv(0x82, b"jebena.example\0.other"))], Flaw::FurtherNames),
        asking("an unknown critical extension", &[plain("1.2.3.4", true)], Flaw::Extension),
        asking("an unknown extension", &[plain("1.2.3.4", false)], Flaw::Extension),
        asking("constraints of names", &[plain("2.5.29.30", true)], Flaw::Extension),
        asking("policies", &[plain("2.5.29.32", false)], Flaw::Extension),
        asking("places of lists", &[plain("2.5.29.31", false)], Flaw::Extension),
        asking("places of answers", &[plain("1.3.6.1.5.5.7.1.1", false)], Flaw::Extension),
        asking("no check", &[plain("1.3.6.1.5.5.7.48.1.5", false)], Flaw::Extension),
        asking("an extension twice", &[basic(&[]), basic(&[])], Flaw::Twice),
        asking("an extension that is none", &[extension("2.5.29.19", true, b"no")], Flaw::Twice),
        asking("no extension", &[b"\x04\x00".to_vec()], Flaw::Twice),
        asking(
            "a false that is said",
            &[tlv(0x30, &[oid("2.5.29.19"), tlv(1, &[0]), tlv(4, &tlv(0x30, &[]))].concat())],
            Flaw::Twice,
        ),
    ];
    let request = "1.2.840.113549.1.9.14";
    let harmless = tlv(0x30, &extension("2.5.29.19", true, &tlv(0x30, &[])));
    let other = tlv(0x30, &extension("2.5.29.14", false, &tlv(4, b"id")));
    let mut more = |what: &str, attributes: Vec<Vec<u8>>, flaw| {
        all.push((what.to_owned(), Csr { attributes, ..Csr::good() }.der(), flaw));
    };
    more("extensions twice", vec![attribute(request, &[&harmless]), attribute(request, &[&other])], Flaw::Twice);
    more("extensions in two values", vec![attribute(request, &[&other, &harmless])], Flaw::Twice);
    more("no value", vec![attribute(request, &[])], Flaw::Twice);
    more("a value of another type", vec![attribute(request, &[&tlv(2, &[1])])], Flaw::Twice);
    more("a password", vec![attribute("1.2.840.113549.1.9.7", &[&tlv(UTF8, b"secret")])], Flaw::Attribute);
    more("a further name", vec![attribute("1.2.840.113549.1.9.2", &[&tlv(UTF8, b"name")])], Flaw::Attribute);
    more("a negative number of its own", vec![attribute("2.5.4.5", &[&tlv(2, &[0xff])])], Flaw::Attribute);
    more("a huge number of its own", vec![attribute("2.5.4.5", &[&tlv(2, &[0x7f; 100])])], Flaw::Attribute);
    more("extensions of another house", vec![attribute("1.3.6.1.4.1.311.2.1.14", &[&harmless])], Flaw::Attribute);
    all
}

#[test]
fn more_than_a_hundred_hostile_requests_are_refused_with_the_right_reason() {
    let all = [encodings(), signatures(), points(), keys(), names(), texts(), wishes()].concat();
    assert!(all.len() > 100, "{}", all.len());
    let mut wrong = Vec::new();
    for (name, bytes, flaw) in &all {
        let found = examine(bytes, Profile::OrganizationSeal, &known()).map(|_| ());
        if found != Err(*flaw) {
            wrong.push(format!("{name}: {found:?} instead of {flaw:?}"));
        }
    }
    assert!(wrong.is_empty(), "of {}:\n{}", all.len(), wrong.join("\n"));
    let flaws: std::collections::BTreeSet<Flaw> = all.iter().map(|(_, _, flaw)| *flaw).collect();
    // That a key is known already is told by the database.
    assert_eq!(flaws.len(), 23, "{flaws:?}");
}

#[test]
fn no_byte_of_a_good_request_can_be_changed() {
    let good = Csr::good().der();
    assert!(examine(&good, Profile::OrganizationSeal, &known()).is_ok());
    for place in 0..good.len() {
        let mut changed = good.clone();
        changed[place] ^= 0x21;
        assert!(examine(&changed, Profile::OrganizationSeal, &known()).is_err(), "{place}");
    }
}

#[test]
fn what_is_good_is_taken_in_each_form() {
    let good = Csr::good();
    let pem = |label| der::pem::encode_string(label, der::pem::LineEnding::CRLF, &good.der()).unwrap();
    for bytes in [good.der(), pem("CERTIFICATE REQUEST").into_bytes(), pem("NEW CERTIFICATE REQUEST").into_bytes()] {
        let examined = examine(&bytes, Profile::OrganizationSeal, &known()).unwrap();
        assert_eq!((examined.der, examined.subject.common_name.as_str()), (good.der(), "Seal of the authority"));
    }
    let seals = [
        extension("2.5.29.19", true, &tlv(0x30, &[])),
        extension("2.5.29.15", true, &tlv(3, &[6, 0x40])),
        extension("2.5.29.37", false, &tlv(0x30, &oid("1.3.6.1.5.5.7.3.36"))),
        extension("2.5.29.14", false, &tlv(4, b"an id")),
    ];
    let asking = Csr { attributes: vec![extensions(&seals)], ..Csr::good() };
    assert!(examine(&asking.der(), Profile::OrganizationSeal, &known()).is_ok());
    let ethiopic = "የቡናና ሻይ ባለሥልጣን ማኅተም".as_bytes();
    let alone = Csr { name: vec![naming(CN, UTF8, ethiopic)], ..Csr::good() };
    let examined = examine(&alone.der(), Profile::OrganizationSeal, &known()).unwrap();
    assert_eq!(examined.subject.organization, known().organization, "the rest of the name is what is known");
    let numberless = Known { organization_identifier: None, ..known() };
    let numbered = Csr { name: [Csr::good().name, vec![naming("2.5.4.97", UTF8, b"NTRET-1")]].concat(), ..Csr::good() };
    let refused = examine(&numbered.der(), Profile::OrganizationSeal, &numberless);
    assert_eq!(refused.unwrap_err(), Flaw::ForeignName);
    let _ = KeyPair::new(jebena_signer::keypair::Curve::P256);
    assert!(wrapped(&good.der()).len() > good.der().len());
}
