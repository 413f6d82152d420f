//! Tables; the SQL with the reasons is in `migrations/`.

diesel::table! {
    use crate::db::types::AtSql;
    use diesel::sql_types::*;
    sessions (token_hash) {
        token_hash -> Text,
        realm -> Text,
        municipality -> Text,
        principal -> Text,
        sealed -> Binary,
        created_at -> AtSql,
        seen_at -> AtSql,
        expires_at -> AtSql,
        public_id -> Text,
        issuer -> Text,
        subject_lookup -> Text,
        sid_lookup -> Text,
        acr -> Text,
        level -> Integer,
        auth_at -> Nullable<AtSql>,
        method -> Text,
        agent -> Text,
        id_token_sealed -> Nullable<Binary>,
    }
}

diesel::table! {
    use crate::db::types::AtSql;
    use diesel::sql_types::*;
    logout_tokens (municipality, issuer, jti_hash) {
        municipality -> Text,
        issuer -> Text,
        jti_hash -> Text,
        expires_at -> AtSql,
    }
}

diesel::table! {
    use crate::db::types::AtSql;
    use diesel::sql_types::*;
    login_transactions (state_hash) {
        state_hash -> Text,
        realm -> Text,
        municipality -> Text,
        broker -> Text,
        browser_hash -> Text,
        sealed -> Binary,
        created_at -> AtSql,
        expires_at -> AtSql,
        consumed_at -> Nullable<AtSql>,
    }
}

diesel::table! {
    use crate::db::types::AtSql;
    use diesel::sql_types::*;
    jobs (seq) {
        seq -> BigInt,
        municipality -> Text,
        kind -> Text,
        dedupe -> Nullable<Text>,
        payload -> Text,
        state -> Text,
        due_at -> AtSql,
        lease_until -> Nullable<AtSql>,
        attempts -> Integer,
        last_error -> Nullable<Text>,
        created_at -> AtSql,
    }
}

diesel::table! {
    use crate::db::types::AtSql;
    use diesel::sql_types::*;
    audit_log (seq) {
        seq -> BigInt,
        municipality -> Text,
        at -> AtSql,
        actor -> Text,
        action -> Text,
        subject -> Text,
        detail -> Text,
    }
}

diesel::table! {
    use crate::db::types::AtSql;
    use diesel::sql_types::*;
    role_grants (municipality, affiliation, unit, role) {
        municipality -> Text,
        affiliation -> Text,
        unit -> Text,
        role -> Text,
        granted_by -> Text,
        granted_at -> AtSql,
    }
}

diesel::table! {
    use crate::db::types::AtSql;
    use diesel::sql_types::*;
    role_requests (id) {
        id -> Text,
        municipality -> Text,
        affiliation -> Text,
        name -> Text,
        unit -> Text,
        role -> Text,
        why -> Text,
        asked_by -> Text,
        asked_at -> AtSql,
        expires_at -> AtSql,
        state -> Text,
        answered_by -> Nullable<Text>,
        answered_at -> Nullable<AtSql>,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    role_hands (municipality, affiliation) {
        municipality -> Text,
        affiliation -> Text,
    }
}
