//! Roles of the staff: two pairs of eyes, once, in time.

use super::databases::both;
use kommunportal::db::{Application, Db};
use kommunportal::powers::{self, ANSWER_DAYS, GrantFault, NewWish, Person, Power, Wish};
use kommunportal::vocabulary::{At, MunicipalitySlug};

const BO: Person<'static> = Person { affiliation: "bo@2120009911", name: "Bo" };

fn here() -> MunicipalitySlug {
    "orkelljunga".parse().unwrap()
}

fn now() -> At {
    "2026-11-21T08:00:00Z".parse().unwrap()
}

fn power() -> Power {
    Power { unit: "KANSLI".into(), role: "handler".into() }
}

async fn ask(db: &Db, asked_by: &'static str, now: At) -> Result<(), GrantFault> {
    db.write(move |c| {
        let (municipality, power) = (here(), power());
        let new =
            NewWish { municipality: &municipality, who: BO, power: &power, why: "Ny", asked_by, actor: asked_by, now };
        powers::ask(c, &new)
    })
    .await
}

async fn waiting(db: &Db, now: At) -> Vec<Wish> {
    db.read(move |c| powers::open_wishes(c, &here(), now)).await.unwrap()
}

async fn answer(db: &Db, wish: &Wish, by: &'static str, is_yes: bool, now: At) -> Result<(), GrantFault> {
    let wish = wish.clone();
    db.write(move |c| powers::answer(c, &here(), &wish, (by, by), is_yes, now)).await
}

async fn held(db: &Db) -> Vec<Power> {
    db.read(|c| powers::held(c, &here(), BO.affiliation)).await.unwrap()
}

#[test]
fn a_role_takes_two_people_who_are_not_its_holder_and_one_answer() {
    both(Application::Desk, |url| async move {
        let db = Db::start(&url);
        assert!(matches!(ask(&db, BO.affiliation, now()).await, Err(GrantFault::Own)));
        ask(&db, "chef", now()).await.unwrap();
        assert!(matches!(ask(&db, "annan", now()).await, Err(GrantFault::Asked)));
        let [wish] = waiting(&db, now()).await.try_into().unwrap();
        for same in ["chef", BO.affiliation] {
            assert!(matches!(answer(&db, &wish, same, true, now()).await, Err(GrantFault::SamePerson)));
        }
        assert!(held(&db).await.is_empty());
        answer(&db, &wish, "agare", true, now()).await.unwrap();
        assert!(matches!(answer(&db, &wish, "annan", false, now()).await, Err(GrantFault::Gone)), "the first counts");
        assert_eq!(held(&db).await, [power()]);
        assert!(matches!(ask(&db, "chef", now()).await, Err(GrantFault::Held)));
        let taken = db.write(|c| powers::take_away(c, &here(), BO.affiliation, &power(), "chef", now())).await.unwrap();
        assert!(taken && held(&db).await.is_empty(), "one is enough to take away");
    });
}

#[test]
fn two_answers_at_once_give_one_answer() {
    both(Application::Desk, |url| async move {
        let db = Db::start(&url);
        ask(&db, "chef", now()).await.unwrap();
        let [wish] = waiting(&db, now()).await.try_into().unwrap();
        let (yes, no) =
            tokio::join!(answer(&db, &wish, "agare", true, now()), answer(&db, &wish, "annan agare", false, now()));
        assert!(yes.is_ok() != no.is_ok(), "{yes:?} {no:?}");
        assert_eq!(held(&db).await.is_empty(), no.is_ok());
    });
}

#[test]
fn a_question_that_nobody_answers_is_over_after_a_fortnight() {
    both(Application::Desk, |url| async move {
        let db = Db::start(&url);
        ask(&db, "chef", now()).await.unwrap();
        let [wish] = waiting(&db, now()).await.try_into().unwrap();
        let late = now().plus_days(ANSWER_DAYS);
        assert!(waiting(&db, late).await.is_empty());
        assert!(matches!(answer(&db, &wish, "agare", true, late).await, Err(GrantFault::Gone)));
        assert_eq!(db.write(move |c| powers::expire(c, late)).await.unwrap(), 1);
        assert_eq!(db.write(move |c| powers::expire(c, late)).await.unwrap(), 0);
        ask(&db, "chef", late).await.unwrap();
    });
}

#[test]
fn the_list_gives_roles_until_somebody_changes_them_by_hand() {
    both(Application::Desk, |url| async move {
        let db = Db::start(&url);
        let list = async |powers: Vec<Power>| {
            db.write(move |c| powers::set_from_list(c, &here(), BO.affiliation, &powers, now())).await.unwrap()
        };
        let other = Power { unit: "GATA".into(), role: "manager".into() };
        assert!(list(vec![power()]).await);
        assert!(list(vec![other.clone()]).await);
        assert_eq!(held(&db).await, std::slice::from_ref(&other), "the list says all of it");
        db.write(move |c| powers::take_away(c, &here(), BO.affiliation, &other, "chef", now())).await.unwrap();
        assert!(!list(vec![power()]).await, "by hand from now on");
        assert!(held(&db).await.is_empty());
    });
}
