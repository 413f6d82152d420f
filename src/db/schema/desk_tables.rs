//! Tables; the SQL with the reasons is in `migrations/`.

diesel::table! {
    use crate::db::types::AtSql;
    use diesel::sql_types::*;
    units (municipality, code) {
        municipality -> Text,
        code -> Text,
        name -> Text,
        diary -> Text,
        board -> Text,
        strict -> Bool,
    }
}

diesel::table! {
    use crate::db::types::AtSql;
    use diesel::sql_types::*;
    staff (municipality, affiliation) {
        municipality -> Text,
        affiliation -> Text,
        name -> Text,
        title -> Text,
        email -> Text,
        units -> Text,
        roles -> Text,
    }
}

diesel::table! {
    use crate::db::types::AtSql;
    use diesel::sql_types::*;
    diary_counters (municipality, diary, year) {
        municipality -> Text,
        diary -> Text,
        year -> Integer,
        last -> BigInt,
    }
}

diesel::table! {
    use crate::db::types::AtSql;
    use diesel::sql_types::*;
    received_deliveries (municipality, id) {
        municipality -> Text,
        id -> Text,
        kind -> Text,
        case_id -> Text,
        errand_id -> Nullable<Text>,
        body_sealed -> Binary,
        body_sha256 -> Text,
        receipt -> Text,
        received_at -> AtSql,
    }
}

diesel::table! {
    use crate::db::types::AtSql;
    use diesel::sql_types::*;
    errands (id) {
        id -> Text,
        municipality -> Text,
        case_id -> Text,
        delivery_id -> Text,
        reference -> Text,
        diary_number -> Text,
        diary_key -> Text,
        case_type -> Text,
        unit -> Text,
        title -> Text,
        applicant -> Nullable<Text>,
        protected -> Bool,
        sensitive -> Bool,
        status -> Text,
        handler -> Nullable<Text>,
        attention -> Nullable<Text>,
        outcome -> Nullable<Text>,
        received_at -> AtSql,
        registered_at -> AtSql,
        updated_at -> AtSql,
        closed_at -> Nullable<AtSql>,
        version -> Integer,
        sequence -> BigInt,
        due_on -> Nullable<Text>,
        due_reason -> Nullable<Text>,
    }
}

diesel::table! {
    use crate::db::types::AtSql;
    use diesel::sql_types::*;
    errand_words (municipality, word, errand_id) {
        municipality -> Text,
        word -> Text,
        errand_id -> Text,
    }
}

diesel::table! {
    use crate::db::types::AtSql;
    use diesel::sql_types::*;
    errand_journal (seq) {
        seq -> BigInt,
        municipality -> Text,
        errand_id -> Text,
        at -> AtSql,
        actor -> Text,
        kind -> Text,
        detail -> Text,
    }
}

diesel::table! {
    use crate::db::types::AtSql;
    use diesel::sql_types::*;
    errand_messages (errand_id, direction, id) {
        errand_id -> Text,
        direction -> Text,
        id -> Text,
        municipality -> Text,
        kind -> Text,
        author -> Text,
        text -> Text,
        allow_reply -> Bool,
        at -> AtSql,
        conversation_id -> Text,
        about -> Nullable<Text>,
        delivery_id -> Nullable<Text>,
    }
}

diesel::table! {
    use crate::db::types::AtSql;
    use diesel::sql_types::*;
    errand_decisions (errand_id, id, version) {
        errand_id -> Text,
        id -> Text,
        version -> Integer,
        municipality -> Text,
        outcome -> Text,
        text -> Text,
        reasons -> Text,
        legal_basis -> Text,
        appeal -> Text,
        decided_by -> Text,
        decided_at -> AtSql,
        files -> Text,
        service -> Text,
        ground -> Nullable<Text>,
        served_at -> Nullable<AtSql>,
        served_how -> Nullable<Text>,
    }
}

diesel::table! {
    use crate::db::types::AtSql;
    use diesel::sql_types::*;
    errand_documents (id) {
        id -> Text,
        municipality -> Text,
        errand_id -> Text,
        delivery_id -> Text,
        document_id -> Text,
        number -> Text,
        kind -> Text,
        file_name -> Text,
        media_type -> Text,
        size -> BigInt,
        sha256 -> Text,
        scan -> Text,
        href -> Text,
        state -> Text,
        blob_key -> Nullable<Text>,
        attempts -> Integer,
        next_at -> AtSql,
        lease_until -> Nullable<AtSql>,
        last_error -> Nullable<Text>,
        item_id -> Nullable<Text>,
    }
}

diesel::table! {
    use crate::db::types::AtSql;
    use diesel::sql_types::*;
    errand_openings (errand_id, affiliation) {
        errand_id -> Text,
        affiliation -> Text,
        municipality -> Text,
        until -> AtSql,
    }
}

diesel::table! {
    use crate::db::types::AtSql;
    use diesel::sql_types::*;
    outgoing_events (id) {
        id -> Text,
        municipality -> Text,
        errand_id -> Text,
        sequence -> BigInt,
        kind -> Text,
        body -> Text,
        state -> Text,
        outcome -> Nullable<Text>,
        attempts -> Integer,
        next_at -> AtSql,
        lease_until -> Nullable<AtSql>,
        last_error -> Nullable<Text>,
        created_at -> AtSql,
        finished_at -> Nullable<AtSql>,
        files -> Text,
        replay -> Integer,
        sent_as -> Nullable<Text>,
    }
}

diesel::table! {
    use crate::db::types::AtSql;
    use diesel::sql_types::*;
    paused_portals (municipality) {
        municipality -> Text,
        since -> AtSql,
        why -> Text,
        probe_at -> AtSql,
    }
}

diesel::table! {
    use crate::db::types::AtSql;
    use diesel::sql_types::*;
    errand_requests (errand_id, id) {
        errand_id -> Text,
        id -> Text,
        municipality -> Text,
        kind -> Text,
        version -> Integer,
        text -> Text,
        items -> Text,
        files -> Text,
        due_on -> Nullable<Text>,
        consequence -> Text,
        state -> Text,
        author -> Text,
        at -> AtSql,
        answered_at -> Nullable<AtSql>,
        resolved_at -> Nullable<AtSql>,
    }
}

diesel::table! {
    use crate::db::types::AtSql;
    use diesel::sql_types::*;
    sent_files (id) {
        id -> Text,
        municipality -> Text,
        errand_id -> Text,
        number -> Text,
        title -> Text,
        file_name -> Text,
        media_type -> Text,
        size -> BigInt,
        sha256 -> Text,
        blob_key -> Text,
        portal_id -> Nullable<Text>,
        author -> Text,
        at -> AtSql,
        withdrawn_at -> Nullable<AtSql>,
    }
}

diesel::table! {
    use crate::db::types::AtSql;
    use diesel::sql_types::*;
    errand_appeals (errand_id, id) {
        errand_id -> Text,
        id -> Text,
        municipality -> Text,
        decision_id -> Text,
        method -> Text,
        received_at -> AtSql,
        timely -> Nullable<Bool>,
        forwarded_on -> Nullable<Text>,
        author -> Text,
    }
}

diesel::table! {
    use crate::db::types::AtSql;
    use diesel::sql_types::*;
    received_notices (municipality, source, id) {
        municipality -> Text,
        source -> Text,
        id -> Text,
        kind -> Text,
        errand_id -> Nullable<Text>,
        body_sha256 -> Text,
        received_at -> AtSql,
    }
}

diesel::table! {
    use crate::db::types::AtSql;
    use diesel::sql_types::*;
    portal_feeds (municipality) {
        municipality -> Text,
        position -> BigInt,
        looked_at -> AtSql,
        last_error -> Nullable<Text>,
    }
}

diesel::allow_tables_to_appear_in_same_query!(
    units,
    staff,
    diary_counters,
    received_deliveries,
    errands,
    errand_words,
    errand_journal,
    errand_messages,
    errand_decisions,
    errand_documents,
    errand_openings,
    outgoing_events,
    paused_portals,
    errand_requests,
    sent_files,
    errand_appeals,
    received_notices,
    portal_feeds
);
