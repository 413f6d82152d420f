//! A portal whose deliveries go to targets of a test's own.

use super::test_server::{Asked, registered};
use super::*;
use crate::db::{Db, DbError};
use crate::files::BlobStore;
use crate::municipalities::Municipalities;
use crate::portal::cases::{self, DocumentKind, NewDocument, StatusMappings};
use crate::portal::testing::{TestDb, body, keys, morning, municipality, opened, target};
use crate::settings::{ConfigTree, Profile, Settings, Target, load};
use crate::vocabulary::*;
use std::sync::Arc;

pub(super) struct Office {
    pub pump: Pump,
    pub clock: Clock,
    pub db: Db,
}

pub(super) fn named(name: &str) -> TargetSlug {
    name.parse().unwrap()
}

pub(super) fn at(url: &url::Url, more: &str) -> Target {
    Target { url: Some(url.clone()), ..target(more) }
}

pub(super) fn office(db: &TestDb, targets: Vec<(&str, Target)>) -> Office {
    office_at(db, targets, Clock::standing_at(morning()))
}

pub(super) fn office_at(db: &TestDb, targets: Vec<(&str, Target)>, clock: Clock) -> Office {
    let tree = ConfigTree::embedded();
    let mut settings: Settings = load(&tree, Profile::Test, toml::Table::new(), std::iter::empty()).unwrap();
    settings.targets = targets.into_iter().map(|(name, target)| (named(name), target)).collect();
    let municipalities = Municipalities::load(&tree, true).unwrap();
    let folder = std::env::temp_dir().join(format!("kp-blobs-{}", FileId::fresh()));
    let db = db.start();
    let pump = Pump {
        db: db.clone(),
        blobs: Arc::new(BlobStore::open(&format!("file:{}", folder.display())).unwrap()),
        clock: clock.clone(),
        keys: keys(),
        receivers: receivers(&settings, &municipalities).unwrap(),
        settings: Arc::new(settings),
        municipalities,
        mappings: StatusMappings::load(&tree).unwrap(),
        lanes: Lanes::default(),
    };
    Office { pump, clock, db }
}

impl Office {
    pub(super) async fn submit(&self, to: &str, files: &[(&str, &[u8])]) -> DeliveryId {
        let mut stored = Vec::new();
        for (name, bytes) in files {
            let blob = self.pump.blobs.put_bytes(bytes.to_vec()).await.unwrap();
            stored.push((FileId::fresh(), name.to_string(), blob));
        }
        let (to, now) = (named(to), self.clock.now());
        let submit = self.db.write(move |c| {
            let (_, case) = opened(c, now);
            let body = body(&case, now);
            let id = body.delivery_id.clone();
            for (file, name, blob) in &stored {
                let document = NewDocument {
                    id: file.clone(),
                    kind: DocumentKind::Attachment,
                    title: name.clone(),
                    blob_key: blob.key.to_string(),
                    file_name: name.clone(),
                    media_type: "text/plain".into(),
                    size: i64::try_from(blob.size).unwrap(),
                    sha256: blob.sha256.clone(),
                    visible: true,
                    upload_key: None,
                };
                cases::add_document(c, &municipality(), &case.id, &document, now)?;
            }
            let attached = Attached { files: stored.iter().map(|(id, ..)| id.clone()).collect(), receipt: false };
            enqueue(c, &keys(), &municipality(), NewDelivery { target: to.clone(), body, attached }, now).unwrap();
            Ok::<_, DbError>(id)
        });
        submit.await.unwrap()
    }
    pub(super) async fn row(&self, id: &DeliveryId) -> DeliveryRow {
        let id = id.clone();
        self.db.read(move |c| find(c, &municipality(), &id)).await.unwrap().unwrap()
    }
    pub(super) async fn run_after(&self, seconds: i64) {
        self.clock.advance(seconds);
        while self.pump.run_due().await.unwrap() {}
    }
}

pub(super) fn takes(asked: &Asked) -> (u16, String) {
    match asked.line.contains("/health") {
        true => (200, String::new()),
        false => (201, registered(asked)),
    }
}
