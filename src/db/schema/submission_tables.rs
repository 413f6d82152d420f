//! Tables; the SQL with the reasons is in `migrations/`.

diesel::table! {
    use crate::db::types::AtSql;
    use diesel::sql_types::*;
    parties (id) {
        id -> Text,
        municipality -> Text,
        number_lookup -> Text,
        number_sealed -> Binary,
        name -> Text,
        created_at -> AtSql,
        kind -> Text,
        actor_party -> Nullable<Text>,
    }
}

diesel::table! {
    use crate::db::types::AtSql;
    use diesel::sql_types::*;
    authorities (id) {
        id -> Text,
        municipality -> Text,
        actor_party -> Text,
        party_id -> Text,
        kind -> Text,
        mode -> Text,
        scope -> Text,
        source -> Text,
        source_ref -> Text,
        moment -> Text,
        case_id -> Nullable<Text>,
        verified_at -> AtSql,
        valid_until -> Nullable<AtSql>,
        recorded_at -> AtSql,
    }
}

diesel::table! {
    use crate::db::types::AtSql;
    use diesel::sql_types::*;
    broker_subjects (municipality, subject_lookup) {
        municipality -> Text,
        subject_lookup -> Text,
        number_lookup -> Text,
        seen_at -> AtSql,
    }
}

diesel::table! {
    use crate::db::types::AtSql;
    use diesel::sql_types::*;
    party_settings (party_id) {
        party_id -> Text,
        municipality -> Text,
        email -> Nullable<Text>,
        phone -> Nullable<Text>,
        channel -> Text,
        email_refused_at -> Nullable<AtSql>,
        updated_at -> AtSql,
    }
}

diesel::table! {
    use crate::db::types::AtSql;
    use diesel::sql_types::*;
    registry_cache (municipality, number_lookup) {
        municipality -> Text,
        number_lookup -> Text,
        sealed -> Binary,
        fetched_at -> AtSql,
        expires_at -> AtSql,
    }
}

diesel::table! {
    use crate::db::types::AtSql;
    use diesel::sql_types::*;
    definitions (municipality, service, version) {
        municipality -> Text,
        service -> Text,
        version -> Text,
        source -> Text,
        first_used_at -> AtSql,
    }
}

diesel::table! {
    use crate::db::types::AtSql;
    use diesel::sql_types::*;
    drafts (id) {
        id -> Text,
        municipality -> Text,
        service -> Text,
        definition_version -> Text,
        title -> Text,
        party_id -> Nullable<Text>,
        browser_hash -> Nullable<Text>,
        stage -> Text,
        answers -> Text,
        prefill_sealed -> Binary,
        step -> Text,
        created_at -> AtSql,
        updated_at -> AtSql,
        delete_at -> AtSql,
    }
}

diesel::table! {
    use crate::db::types::AtSql;
    use diesel::sql_types::*;
    attachments (id) {
        id -> Text,
        municipality -> Text,
        draft_id -> Text,
        submission_id -> Nullable<Text>,
        field -> Text,
        blob_key -> Text,
        file_name -> Text,
        media_type -> Text,
        size -> BigInt,
        sha256 -> Text,
        created_at -> AtSql,
    }
}

diesel::table! {
    use crate::db::types::AtSql;
    use diesel::sql_types::*;
    submissions (id) {
        id -> Text,
        municipality -> Text,
        draft_id -> Text,
        case_id -> Text,
        service -> Text,
        definition_version -> Text,
        party_id -> Nullable<Text>,
        answers -> Text,
        review -> Text,
        parties_sealed -> Binary,
        sha256 -> Text,
        received_at -> AtSql,
        content_sealed -> Nullable<Binary>,
    }
}

diesel::table! {
    use crate::db::types::AtSql;
    use diesel::sql_types::*;
    parked_forms (browser_hash, path) {
        browser_hash -> Text,
        path -> Text,
        municipality -> Text,
        sealed -> Binary,
        expires_at -> AtSql,
    }
}

diesel::allow_tables_to_appear_in_same_query!(
    authorities,
    parties,
    party_settings,
    registry_cache,
    definitions,
    drafts,
    attachments,
    submissions,
    parked_forms
);
