//! Tables of signatures and receipts; the SQL with the reasons is in `migrations/`.

diesel::table! {
    use crate::db::types::AtSql;
    use diesel::sql_types::*;
    signings (id) {
        id -> Text,
        municipality -> Text,
        party_id -> Text,
        draft_id -> Nullable<Text>,
        signer_id -> Nullable<Text>,
        reference -> Text,
        answers_sha256 -> Text,
        sha256 -> Text,
        tbs_sealed -> Binary,
        content_sealed -> Binary,
        created_at -> AtSql,
        expires_at -> AtSql,
    }
}

diesel::table! {
    use crate::db::types::AtSql;
    use diesel::sql_types::*;
    signatures (id) {
        id -> Text,
        municipality -> Text,
        submission_id -> Text,
        case_id -> Text,
        party_id -> Text,
        signer_id -> Nullable<Text>,
        class -> Text,
        evidence_sha256 -> Text,
        evidence_sealed -> Binary,
        signed_at -> AtSql,
        received_at -> AtSql,
    }
}

diesel::table! {
    use crate::db::types::AtSql;
    use diesel::sql_types::*;
    signers (id) {
        id -> Text,
        municipality -> Text,
        submission_id -> Text,
        case_id -> Text,
        number_lookup -> Nullable<Text>,
        person_sealed -> Nullable<Binary>,
        email -> Nullable<Text>,
        language -> Text,
        state -> Text,
        answer_by -> AtSql,
        answered_at -> Nullable<AtSql>,
        created_at -> AtSql,
    }
}

diesel::table! {
    use crate::db::types::AtSql;
    use diesel::sql_types::*;
    receipts (municipality, code) {
        municipality -> Text,
        code -> Text,
        case_id -> Text,
        submission_id -> Text,
        complete -> Bool,
        jws -> Text,
        pdf_sha256 -> Text,
        sealed_at -> AtSql,
    }
}
