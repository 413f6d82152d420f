//! Every call of the API, as the document tells of it.

use crate::contract::{BATCH, ONE, ProblemCode, Scope};

/// Who may call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Access {
    /// Anybody.
    Open,
    /// Whoever bears a token with this scope.
    Bearer(Scope),
    /// Whoever signs; the scope is what a client would need.
    Signed(Scope),
}

/// Name, place (`query` or `header`), JSON Schema, description.
type Parameter = (&'static str, &'static str, &'static str, &'static str);
/// Status, description, schema (name, or JSON), example.
type Answer = (u16, &'static str, Option<&'static str>, &'static str);

/// One call.
pub(super) struct Operation {
    pub method: &'static str,
    pub path: &'static str,
    pub id: &'static str,
    pub tag: &'static str,
    pub access: Access,
    pub summary: &'static str,
    pub english: &'static str,
    pub swedish: &'static str,
    pub parameters: &'static [Parameter],
    /// Media types, schema, example.
    pub body: Option<(&'static [&'static str], &'static str, &'static str)>,
    pub answer_type: &'static str,
    pub answers: &'static [Answer],
    pub headers: &'static [&'static str],
    pub problems: &'static [ProblemCode],
}

const JSON: &[&str] = &["application/json"];
const LIMIT: Parameter =
    ("limit", "query", r#"{"type":"integer","minimum":1,"maximum":100,"default":20}"#, "How many.");
const OFFSET: Parameter =
    ("offset", "query", r#"{"type":"integer","minimum":0,"default":0}"#, "How many to pass over.");

const PLAIN: Operation = Operation {
    method: "get",
    path: "",
    id: "",
    tag: "",
    access: Access::Open,
    summary: "",
    english: "",
    swedish: "",
    parameters: &[],
    body: None,
    answer_type: "application/json",
    answers: &[],
    headers: &[],
    problems: &[],
};

/// In the order of the document.
pub(super) const OPERATIONS: &[Operation] = &[
    Operation {
        method: "post",
        path: "/case-events",
        id: "pushEvents",
        tag: "events",
        access: Access::Signed(Scope::EventsWrite),
        summary: "Tell what happened in cases",
        english: "One event, or a batch of at most 100. Each is applied by itself; the answer has one result for each, in order.",
        swedish: "En händelse eller högst 100 på en gång. Var och en tas för sig; svaret har ett utfall för varje, i ordning.",
        body: Some((
            &[ONE, BATCH],
            "CaseEvent",
            r#"{"specversion":"1.0","id":"castor-evt-553201","source":"urn:kommunportal:system:castor:case:castor-88213","type":"se.kommunportal.case.status_changed","subject":"0197f0c2-5b1e-7c11-9c0a-6f2d9a1b0001","time":"2026-03-09T08:20:00Z","sequence":"00000000000000000004","datacontenttype":"application/json","data":{"externalCaseId":"castor-88213","externalCode":"KOMP"}}"#,
        )),
        answers: &[
            (
                202,
                "Taken; see each result.",
                Some("EventResults"),
                r#"{"results":[{"id":"castor-evt-553201","outcome":"applied"}]}"#,
            ),
            (
                200,
                "All were known already.",
                Some("EventResults"),
                r#"{"results":[{"id":"castor-evt-553201","outcome":"duplicate"}]}"#,
            ),
        ],
        problems: &[
            ProblemCode::MalformedRequest,
            ProblemCode::NotFound,
            ProblemCode::EventIdReused,
            ProblemCode::PayloadTooLarge,
            ProblemCode::UnsupportedMediaType,
            ProblemCode::SchemaViolation,
        ],
        ..PLAIN
    },
    Operation {
        method: "get",
        path: "/deliveries",
        id: "listDeliveries",
        tag: "deliveries",
        access: Access::Bearer(Scope::DeliveriesRead),
        summary: "What can be taken",
        english: "Deliveries that wait for this system, the oldest first. Of a case only the first that is not done.",
        swedish: "Leveranser som väntar på systemet, den äldsta först. Av ett ärende bara den första som inte är klar.",
        parameters: &[
            ("state", "query", r#"{"type":"string","enum":["available"],"default":"available"}"#, "Which."),
            LIMIT,
            OFFSET,
        ],
        answers: &[(
            200,
            "A page of deliveries.",
            Some("DeliveryPage"),
            r#"{"deliveries":[{"deliveryId":"0197f0c2-6a00-7d3e-8a55-2b1c0f9e0001","kind":"submission","caseId":"0197f0c2-5b1e-7c11-9c0a-6f2d9a1b0001","receivedAt":"2026-03-01T20:14:05Z","state":"available"}],"page":{"offset":0,"limit":20,"nextOffset":1,"hasMore":false}}"#,
        )],
        headers: &["Link"],
        problems: &[ProblemCode::SchemaViolation],
        ..PLAIN
    },
    Operation {
        path: "/deliveries/{deliveryId}",
        id: "readDelivery",
        tag: "deliveries",
        access: Access::Bearer(Scope::DeliveriesRead),
        summary: "What was sent in",
        english: "The sealed body, byte for byte the same every time.",
        swedish: "Leveransen som den förseglades, tecken för tecken densamma varje gång.",
        answers: &[(200, "The delivery.", Some("Delivery"), "null")],
        problems: &[ProblemCode::NotFound],
        ..PLAIN
    },
    Operation {
        method: "post",
        path: "/deliveries/{deliveryId}/lease",
        id: "leaseDelivery",
        tag: "deliveries",
        access: Access::Signed(Scope::DeliveriesReceipt),
        summary: "Take a delivery for a while",
        english: "Nobody else gets it until the time is out; then it can be taken again.",
        swedish: "Ingen annan får den förrän tiden är ute; sedan kan den tas igen.",
        body: Some((JSON, "LeaseWish", r#"{"seconds":300}"#)),
        answers: &[(
            200,
            "It is yours.",
            Some("Leased"),
            r#"{"deliveryId":"0197f0c2-6a00-7d3e-8a55-2b1c0f9e0001","leaseUntil":"2026-03-01T20:19:05Z"}"#,
        )],
        problems: &[
            ProblemCode::MalformedRequest,
            ProblemCode::NotFound,
            ProblemCode::LeaseLost,
            ProblemCode::PayloadTooLarge,
            ProblemCode::UnsupportedMediaType,
            ProblemCode::SchemaViolation,
        ],
        ..PLAIN
    },
    Operation {
        method: "put",
        path: "/deliveries/{deliveryId}/receipt",
        id: "putReceipt",
        tag: "deliveries",
        access: Access::Signed(Scope::DeliveriesReceipt),
        summary: "Say that a delivery is registered",
        english: "As the answer to a push. The same again is answered the same; another errand for the same case is a conflict.",
        swedish: "Som svaret på en leverans. Samma igen ger samma svar; ett annat ärende för samma leverans är en konflikt.",
        body: Some((
            JSON,
            "DeliveryReceipt",
            r#"{"deliveryId":"0197f0c2-6a00-7d3e-8a55-2b1c0f9e0001","state":"registered","registeredAt":"2026-03-01T20:14:08Z","externalCaseId":"castor-88213","diaryNumber":"KFN 2026/00123","status":{"externalCode":"REG","sequence":"00000000000000000001"}}"#,
        )),
        answers: &[(
            200,
            "Written down.",
            Some("ReceiptKept"),
            r#"{"deliveryId":"0197f0c2-6a00-7d3e-8a55-2b1c0f9e0001","state":"registered"}"#,
        )],
        problems: &[
            ProblemCode::MalformedRequest,
            ProblemCode::NotFound,
            ProblemCode::ReceiptConflict,
            ProblemCode::PayloadTooLarge,
            ProblemCode::UnsupportedMediaType,
            ProblemCode::SchemaViolation,
        ],
        ..PLAIN
    },
    Operation {
        method: "put",
        path: "/deliveries/{deliveryId}/failure",
        id: "putFailure",
        tag: "deliveries",
        access: Access::Signed(Scope::DeliveriesReceipt),
        summary: "Say that a delivery could not be taken",
        english: "With `retry` it comes back by the schedule; without, a person at the municipality looks at it.",
        swedish: "Med `retry` kommer den tillbaka enligt schemat; utan ser en person på kommunen på den.",
        body: Some((JSON, "DeliveryFailure", r#"{"code":"back-office-down","detail":"","retry":true}"#)),
        answers: &[(
            200,
            "Written down.",
            Some("FailureKept"),
            r#"{"deliveryId":"0197f0c2-6a00-7d3e-8a55-2b1c0f9e0001","retry":true}"#,
        )],
        problems: &[
            ProblemCode::MalformedRequest,
            ProblemCode::NotFound,
            ProblemCode::LeaseLost,
            ProblemCode::PayloadTooLarge,
            ProblemCode::UnsupportedMediaType,
            ProblemCode::SchemaViolation,
        ],
        ..PLAIN
    },
    Operation {
        path: "/deliveries/{deliveryId}/documents/{documentId}/content",
        id: "readDocument",
        tag: "deliveries",
        access: Access::Bearer(Scope::DeliveriesRead),
        summary: "A file of a delivery",
        english: "Takes `Range`, `If-Range` and `If-None-Match`; the entity tag is the SHA-256.",
        swedish: "Tar `Range`, `If-Range` och `If-None-Match`; etiketten är filens SHA-256.",
        answer_type: "*/*",
        answers: &[
            (200, "The whole file.", Some("{}"), "null"),
            (206, "A part of it.", Some("{}"), "null"),
            (304, "You have it.", None, "null"),
            (416, "Beyond its end.", None, "null"),
        ],
        headers: &["ETag", "Content-Range"],
        problems: &[ProblemCode::NotFound],
        ..PLAIN
    },
    Operation {
        path: "/outbox/events",
        id: "readFeed",
        tag: "deliveries",
        access: Access::Bearer(Scope::OutboxRead),
        summary: "Notices in order",
        english: "What residents do in cases, thin, in the order it was committed. Without `offset` from the stored cursor; a lower one reads again.",
        swedish: "Vad invånare gör i ärenden, kort, i den ordning det skrevs. Utan `offset` från den sparade positionen; en lägre läser om.",
        parameters: &[
            ("offset", "query", r#"{"type":"integer","minimum":0}"#, "The last position that was read."),
            LIMIT,
            (
                "waitSeconds",
                "query",
                r#"{"type":"integer","minimum":0,"maximum":25,"default":0}"#,
                "How long an empty answer may take.",
            ),
        ],
        answers: &[(
            200,
            "A page of the feed; empty when nothing happened.",
            Some("FeedPage"),
            r#"{"events":[{"position":1043,"event":{"specversion":"1.0","id":"0197f0e0-0000-7000-8000-000000000001","source":"urn:kommunportal:municipality:2200:case:0197f0c2-5b1e-7c11-9c0a-6f2d9a1b0001","type":"se.kommunportal.case.supplement_submitted","subject":"castor-88213","time":"2026-03-12T18:40:09Z","sequence":"00000000000000000002","data":{"supplementId":"k-1","deliveryId":"0197f0e0-0000-7000-8000-000000000002","receivedDate":"2026-03-12"}}}],"page":{"offset":1042,"limit":20,"nextOffset":1043,"hasMore":false}}"#,
        )],
        problems: &[ProblemCode::SchemaViolation],
        ..PLAIN
    },
    Operation {
        method: "post",
        path: "/outbox/acknowledgements",
        id: "acknowledge",
        tag: "deliveries",
        access: Access::Signed(Scope::OutboxRead),
        summary: "Move the stored cursor",
        english: "Never backwards, never past the end.",
        swedish: "Aldrig bakåt, aldrig förbi slutet.",
        body: Some((JSON, "Acknowledgement", r#"{"upTo":1062}"#)),
        answers: &[(200, "Where the cursor is now.", Some("Acknowledged"), r#"{"acknowledged":1062}"#)],
        problems: &[
            ProblemCode::MalformedRequest,
            ProblemCode::IdempotencyKeyReused,
            ProblemCode::PayloadTooLarge,
            ProblemCode::UnsupportedMediaType,
        ],
        ..PLAIN
    },
    Operation {
        path: "/cases",
        id: "findCases",
        tag: "cases",
        access: Access::Bearer(Scope::CasesRead),
        summary: "A case by the system's own id",
        english: "Only the system's own cases.",
        swedish: "Bara systemets egna ärenden.",
        parameters: &[
            ("externalCaseId", "query", r#"{"type":"string","minLength":1}"#, "The system's id; needed."),
            LIMIT,
            OFFSET,
        ],
        answers: &[(200, "A page of cases.", Some("CasePage"), "null")],
        headers: &["Link"],
        problems: &[ProblemCode::SchemaViolation],
        ..PLAIN
    },
    Operation {
        path: "/cases/{caseId}",
        id: "readCase",
        tag: "cases",
        access: Access::Bearer(Scope::CasesRead),
        summary: "Where a case stands",
        english: "With a strong entity tag, and the last sequence that came.",
        swedish: "Med en stark etikett och det senaste löpnumret som kommit.",
        parameters: &[],
        answers: &[
            (
                200,
                "The case.",
                Some("CaseStanding"),
                r#"{"caseId":"0197f0c2-5b1e-7c11-9c0a-6f2d9a1b0001","reference":"EK-2026-7F3K9QX6","externalCaseId":"castor-88213","diaryNumber":"KFN 2026/00123","status":"in_progress","nextMove":"municipality","outcome":null,"receivedAt":"2026-03-01T20:14:05Z","updatedAt":"2026-03-09T08:20:00Z","lastSequence":"00000000000000000004"}"#,
            ),
            (304, "You have it.", None, "null"),
        ],
        headers: &["ETag"],
        problems: &[ProblemCode::NotFound],
        ..PLAIN
    },
    Operation {
        method: "put",
        path: "/cases/{caseId}/status",
        id: "putStatus",
        tag: "cases",
        access: Access::Signed(Scope::EventsWrite),
        summary: "Set a status",
        english: "For systems that send no events: the portal makes the event. `If-Match` bears the tag of what was read.",
        swedish: "För system som inte sänder händelser: portalen gör händelsen. `If-Match` bär etiketten på det som lästes.",
        parameters: &[("If-Match", "header", r#"{"type":"string"}"#, "The tag that was read.")],
        body: Some((JSON, "NewStatus", r#"{"externalCode":"UNDER","visibleText":"Vi har börjat läsa din ansökan."}"#)),
        answers: &[(200, "What became of it.", Some("EventResult"), r#"{"id":"w-1","outcome":"applied"}"#)],
        problems: &[
            ProblemCode::MalformedRequest,
            ProblemCode::NotFound,
            ProblemCode::PreconditionFailed,
            ProblemCode::PreconditionRequired,
            ProblemCode::PayloadTooLarge,
            ProblemCode::UnsupportedMediaType,
            ProblemCode::SchemaViolation,
        ],
        ..PLAIN
    },
    Operation {
        method: "post",
        path: "/cases/{caseId}/documents",
        id: "uploadDocument",
        tag: "cases",
        access: Access::Signed(Scope::DocumentsWrite),
        summary: "Hand in a file",
        english: "Before the event that names it; hidden from the resident until then. The same key gives the same document.",
        swedish: "Före händelsen som nämner den; invånaren ser den inte förrän då. Samma nyckel ger samma handling.",
        parameters: &[("Idempotency-Key", "header", r#"{"type":"string"}"#, "Names the upload.")],
        body: Some((
            &["multipart/form-data"],
            r#"{"type":"object","required":["file"],"properties":{"file":{"type":"string","format":"binary"},"title":{"type":"string","maxLength":200}}}"#,
            "null",
        )),
        answers: &[
            (
                201,
                "Kept.",
                Some("DocumentKept"),
                r#"{"documentId":"0197f0d0-0000-7000-8000-000000000001","sha256":"9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08","size":48213}"#,
            ),
            (200, "Known already.", Some("DocumentKept"), "null"),
        ],
        problems: &[
            ProblemCode::IdempotencyKeyMissing,
            ProblemCode::NotFound,
            ProblemCode::PayloadTooLarge,
            ProblemCode::UnsupportedMediaType,
            ProblemCode::IdempotencyKeyReused,
        ],
        ..PLAIN
    },
    Operation {
        path: "/status-codes",
        id: "readStatusCodes",
        tag: "configuration",
        access: Access::Bearer(Scope::ConfigRead),
        summary: "How status codes are understood",
        english: "The rows of the system's table, and every status that a resident can see.",
        swedish: "Raderna i systemets tabell, och alla statusar som en invånare kan se.",
        answers: &[(200, "The table.", Some("StatusCodes"), "null")],
        ..PLAIN
    },
    Operation {
        path: "/case-types",
        id: "readCaseTypes",
        tag: "configuration",
        access: Access::Bearer(Scope::ConfigRead),
        summary: "Case types in use",
        english: "What the municipality's e-services name at this system.",
        swedish: "Vad kommunens e-tjänster nämner hos systemet.",
        answers: &[(200, "The case types.", Some("CaseTypes"), "null")],
        ..PLAIN
    },
    Operation {
        method: "post",
        path: "/token",
        id: "askForToken",
        tag: "configuration",
        summary: "A token for ten minutes",
        english: "OAuth 2.0 client credentials (RFC 6749 4.4); faults as in its section 5.2.",
        swedish: "OAuth 2.0 client credentials (RFC 6749 4.4); fel enligt dess avsnitt 5.2.",
        body: Some((
            &["application/x-www-form-urlencoded"],
            r#"{"type":"object","required":["grant_type","client_id","client_secret"],"properties":{"grant_type":{"const":"client_credentials"},"client_id":{"type":"string"},"client_secret":{"type":"string"},"scope":{"type":"string"}}}"#,
            "null",
        )),
        answers: &[
            (
                200,
                "The token.",
                Some("AccessToken"),
                r#"{"access_token":"…","token_type":"Bearer","expires_in":600,"scope":"cases:read"}"#,
            ),
            (
                400,
                "`invalid_request`, `unsupported_grant_type` or `invalid_scope`.",
                Some("TokenRefusal"),
                r#"{"error":"invalid_request"}"#,
            ),
            (401, "`invalid_client`.", Some("TokenRefusal"), r#"{"error":"invalid_client"}"#),
        ],
        ..PLAIN
    },
    Operation {
        path: "/openapi.json",
        id: "readDocument31",
        tag: "configuration",
        summary: "This document",
        english: "OpenAPI 3.1.",
        swedish: "OpenAPI 3.1.",
        answer_type: "application/vnd.oai.openapi+json;version=3.1",
        answers: &[(200, "The document.", Some(r#"{"type":"object"}"#), "null")],
        ..PLAIN
    },
    Operation {
        path: "/api-info",
        id: "readApiInfo",
        tag: "configuration",
        summary: "Name, version, state",
        english: "As rule VER.06 of the Swedish REST API profile has it.",
        swedish: "Enligt regel VER.06 i Diggs REST API-profil.",
        answers: &[(200, "About the API.", Some("ApiInfo"), "null")],
        ..PLAIN
    },
];
