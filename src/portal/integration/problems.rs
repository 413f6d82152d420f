//! What the `type` of every problem leads to: `/problems` and `/problems/{code}`, for whoever built the calling system.
//! Open to all, since a system that is refused has no session.

use crate::contract::ProblemCode;
use crate::web::{AppError, Path, Visit};
use actix_web::{HttpResponse, web};
use serde_json::{Value, json};

pub(super) fn routes(cfg: &mut web::ServiceConfig) {
    cfg.route("/problems", web::get().to(list)).route("/problems/{code}", web::get().to(one));
}

fn shown(visit: &Visit, problem: ProblemCode) -> Value {
    let (code, status, _, retryable) = problem.parts();
    json!({
        "code": code,
        "href": format!("/problems/{code}"),
        "status": status,
        "retryable": retryable,
        "title": visit.text(&format!("problem-title-{code}")),
        "means": visit.text(&format!("problem-means-{code}")),
        "todo": visit.text(&format!("problem-todo-{code}")),
    })
}

async fn list(visit: Visit) -> Result<HttpResponse, AppError> {
    let all: Vec<Value> = ProblemCode::ALL.iter().map(|problem| shown(&visit, *problem)).collect();
    visit.page("portal/problems.html", "", json!({ "problems": all }))
}

async fn one(visit: Visit, code: Path<String>) -> Result<HttpResponse, AppError> {
    let found = ProblemCode::ALL.iter().find(|problem| problem.parts().0 == code.0).ok_or(AppError::NotFound)?;
    visit.page("portal/problem.html", "", json!({ "problem": shown(&visit, *found) }))
}

#[cfg(test)]
mod tests {
    use crate::contract::ProblemCode;
    use crate::vocabulary::Lang;
    use crate::web::Renderer;

    #[test]
    fn every_problem_says_what_it_means_and_what_to_do_and_its_swedish_title_is_the_one_on_the_wire() {
        let renderer = Renderer::new().unwrap();
        for problem in ProblemCode::ALL {
            let (code, _, title, _) = problem.parts();
            for lang in ["sv", "en"].map(|tag| tag.parse::<Lang>().unwrap()) {
                for part in ["title", "means", "todo"] {
                    assert!(renderer.texts().has(lang, &format!("problem-{part}-{code}")), "{lang:?} {part} {code}");
                }
            }
            assert_eq!(renderer.texts().get(Lang::SWEDISH, &format!("problem-title-{code}"), []), title);
        }
    }
}
