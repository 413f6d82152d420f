//! Tables; the SQL with the reasons is in `migrations/`.

diesel::table! {
    use crate::db::types::AtSql;
    use diesel::sql_types::*;
    cases (id) {
        id -> Text,
        municipality -> Text,
        reference -> Text,
        party_id -> Nullable<Text>,
        browser_hash -> Nullable<Text>,
        submission_id -> Text,
        service -> Text,
        title -> Text,
        target -> Text,
        case_type -> Text,
        appeal_regime -> Text,
        sensitivity -> Text,
        protected -> Bool,
        status -> Text,
        next_move -> Text,
        unit -> Text,
        handler -> Nullable<Text>,
        external_case_id -> Nullable<Text>,
        diary_number -> Nullable<Text>,
        outcome -> Nullable<Text>,
        email -> Nullable<Text>,
        phone -> Nullable<Text>,
        channel -> Text,
        language -> Text,
        received_at -> AtSql,
        updated_at -> AtSql,
        seen_at -> AtSql,
        closed_at -> Nullable<AtSql>,
        withdrawn_at -> Nullable<AtSql>,
        email_refused_at -> Nullable<AtSql>,
        due -> Nullable<Text>,
        answer_by -> Nullable<AtSql>,
    }
}

diesel::table! {
    use crate::db::types::AtSql;
    use diesel::sql_types::*;
    case_events (seq) {
        seq -> BigInt,
        municipality -> Text,
        case_id -> Text,
        kind -> Text,
        at -> AtSql,
        recorded_at -> AtSql,
        sequence -> Nullable<BigInt>,
        event_key -> Text,
        visible -> Bool,
        data -> Text,
    }
}

diesel::table! {
    use crate::db::types::AtSql;
    use diesel::sql_types::*;
    case_messages (id) {
        id -> Text,
        municipality -> Text,
        case_id -> Text,
        direction -> Text,
        external_id -> Text,
        author -> Text,
        text -> Text,
        at -> AtSql,
        allow_reply -> Bool,
        documents -> Text,
        read_at -> Nullable<AtSql>,
        kind -> Text,
        about -> Nullable<Text>,
        opening -> Nullable<Text>,
        conversation -> Nullable<Text>,
        day_only -> Bool,
    }
}

diesel::table! {
    use crate::db::types::AtSql;
    use diesel::sql_types::*;
    case_decisions (case_id, decision_id, version) {
        municipality -> Text,
        case_id -> Text,
        decision_id -> Text,
        version -> Integer,
        data -> Text,
        decided_at -> AtSql,
        served_at -> Nullable<AtSql>,
        confirmed_at -> Nullable<AtSql>,
    }
}

diesel::table! {
    use crate::db::types::AtSql;
    use diesel::sql_types::*;
    case_requests (id) {
        id -> Text,
        municipality -> Text,
        case_id -> Text,
        kind -> Text,
        request_id -> Text,
        state -> Text,
        opening -> Text,
        data -> Text,
        asked_at -> AtSql,
        due_at -> Nullable<AtSql>,
    }
}

diesel::table! {
    use crate::db::types::AtSql;
    use diesel::sql_types::*;
    answer_files (id) {
        id -> Text,
        municipality -> Text,
        case_id -> Text,
        form -> Text,
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
    case_documents (id) {
        id -> Text,
        municipality -> Text,
        case_id -> Text,
        kind -> Text,
        title -> Text,
        blob_key -> Text,
        file_name -> Text,
        media_type -> Text,
        size -> BigInt,
        sha256 -> Text,
        visible -> Bool,
        upload_key -> Nullable<Text>,
        created_at -> AtSql,
    }
}

diesel::table! {
    use crate::db::types::AtSql;
    use diesel::sql_types::*;
    deliveries (id) {
        id -> Text,
        municipality -> Text,
        case_id -> Text,
        target -> Text,
        kind -> Text,
        state -> Text,
        content -> Binary,
        body -> Nullable<Binary>,
        body_sha256 -> Nullable<Text>,
        attempts -> Integer,
        unclear -> Bool,
        next_at -> AtSql,
        not_before -> Nullable<AtSql>,
        lease_until -> Nullable<AtSql>,
        last_error -> Nullable<Text>,
        received_at -> AtSql,
        created_at -> AtSql,
        finished_at -> Nullable<AtSql>,
        resolved_by -> Nullable<Text>,
        resolved_why -> Nullable<Text>,
        config_snapshot -> Nullable<Text>,
        progress -> Nullable<Text>,
    }
}

diesel::table! {
    use crate::db::types::AtSql;
    use diesel::sql_types::*;
    delivery_alerts (municipality, kind, subject) {
        municipality -> Text,
        kind -> Text,
        subject -> Text,
        raised_at -> AtSql,
        escalated_at -> Nullable<AtSql>,
    }
}

diesel::table! {
    use crate::db::types::AtSql;
    use diesel::sql_types::*;
    case_questions (case_id) {
        case_id -> Text,
        municipality -> Text,
        asked_at -> AtSql,
    }
}

diesel::table! {
    use crate::db::types::AtSql;
    use diesel::sql_types::*;
    delivery_attempts (delivery_id, n) {
        delivery_id -> Text,
        municipality -> Text,
        n -> Integer,
        started_at -> AtSql,
        ended_at -> AtSql,
        http_status -> Nullable<Integer>,
        error_class -> Nullable<Text>,
        note -> Text,
    }
}

diesel::table! {
    use crate::db::types::AtSql;
    use diesel::sql_types::*;
    target_states (municipality, target) {
        municipality -> Text,
        target -> Text,
        failures -> Integer,
        paused -> Nullable<Text>,
        since -> AtSql,
        why -> Text,
        probe_at -> AtSql,
    }
}

diesel::table! {
    use crate::db::types::AtSql;
    use diesel::sql_types::*;
    inbound_pushes (municipality, target, webhook_id) {
        municipality -> Text,
        target -> Text,
        webhook_id -> Text,
        body_sha256 -> Text,
        status -> Integer,
        response -> Text,
        received_at -> AtSql,
    }
}

diesel::table! {
    use crate::db::types::AtSql;
    use diesel::sql_types::*;
    inbound_events (seq) {
        seq -> BigInt,
        municipality -> Text,
        source -> Text,
        event_id -> Text,
        target -> Text,
        case_id -> Text,
        kind -> Text,
        aspect -> Text,
        sequence -> Nullable<BigInt>,
        time -> AtSql,
        replay -> Bool,
        body -> Text,
        body_sha256 -> Text,
        outcome -> Text,
        external_code -> Nullable<Text>,
        portal_status -> Nullable<Text>,
        received_at -> AtSql,
    }
}

diesel::table! {
    use crate::db::types::AtSql;
    use diesel::sql_types::*;
    notifications (municipality, case_id, event_key, channel) {
        municipality -> Text,
        case_id -> Text,
        event_key -> Text,
        channel -> Text,
        state -> Text,
        created_at -> AtSql,
        sent_at -> Nullable<AtSql>,
    }
}

diesel::table! {
    use crate::db::types::AtSql;
    use diesel::sql_types::*;
    administrators (municipality, affiliation) {
        municipality -> Text,
        affiliation -> Text,
        name -> Text,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    appointed (municipality, affiliation) {
        municipality -> Text,
        affiliation -> Text,
        name -> Text,
    }
}

diesel::table! {
    use crate::db::types::AtSql;
    use diesel::sql_types::*;
    notices (id) {
        id -> Text,
        municipality -> Text,
        target -> Text,
        case_id -> Text,
        kind -> Text,
        data -> Text,
        time -> AtSql,
        position -> Nullable<BigInt>,
        subject -> Nullable<Text>,
        sequence -> Nullable<BigInt>,
    }
}

diesel::table! {
    use crate::db::types::AtSql;
    use diesel::sql_types::*;
    feed_heads (municipality, target) {
        municipality -> Text,
        target -> Text,
        position -> BigInt,
        acknowledged -> BigInt,
        turn_until -> Nullable<AtSql>,
    }
}

diesel::table! {
    use crate::db::types::AtSql;
    use diesel::sql_types::*;
    receiver_keys (id) {
        id -> Text,
        municipality -> Text,
        target -> Text,
        kind -> Text,
        digest -> Text,
        sealed -> Nullable<Binary>,
        scopes -> Text,
        created_at -> AtSql,
        created_by -> Text,
        expires_at -> Nullable<AtSql>,
        revoked_at -> Nullable<AtSql>,
        revoked_by -> Nullable<Text>,
        used_at -> Nullable<AtSql>,
    }
}

diesel::table! {
    use crate::db::types::AtSql;
    use diesel::sql_types::*;
    access_tokens (digest) {
        digest -> Text,
        municipality -> Text,
        target -> Text,
        key_id -> Text,
        scopes -> Text,
        expires_at -> AtSql,
    }
}

diesel::allow_tables_to_appear_in_same_query!(
    cases,
    case_events,
    case_messages,
    case_decisions,
    case_documents,
    deliveries,
    delivery_attempts,
    delivery_alerts,
    case_questions,
    target_states,
    inbound_pushes,
    inbound_events,
    notices,
    feed_heads,
    notifications,
    administrators,
    case_requests,
    answer_files
);
