//! A browser without a screen: pages, links, forms, cookies and redirects, as a person without script meets them. What
//! is asked for and not there stops the test with the page's words.

mod form;

pub use form::Form;
use kommunportal::web::http_client;
use reqwest::{Method, RequestBuilder, Url};
use scraper::{ElementRef, Html, Selector};
use std::collections::BTreeMap;
use std::time::Duration;

/// Cookies, and the page that is open.
pub struct Browser {
    client: reqwest::Client,
    /// By host, then by name: a cookie of ours belongs to one host, whatever the port.
    cookies: BTreeMap<String, BTreeMap<String, String>>,
    page: Option<Page>,
}

/// A request that got no answer.
#[derive(Debug)]
pub struct Unanswered {
    /// Where it went. After a form: where the form's answer led, when that much came.
    pub url: Url,
    /// False when a form's own answer came and only the page that it led to did not.
    pub is_first: bool,
}

/// A page as it was received.
struct Page {
    url: Url,
    status: u16,
    body: Vec<u8>,
    headers: reqwest::header::HeaderMap,
}

fn selector(css: &str) -> Selector {
    Selector::parse(css).unwrap()
}

/// Words as they are read: white space is one space.
fn words(element: ElementRef<'_>) -> String {
    let text: String = element.text().collect();
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// `texts` of an element that a screen shows: no script, style or template.
fn shown(html: &Html) -> String {
    let mut out = Vec::new();
    for node in html.tree.nodes() {
        let Some(text) = node.value().as_text() else { continue };
        let hidden = node.ancestors().any(|a| {
            a.value()
                .as_element()
                .is_some_and(|e| matches!(e.name(), "script" | "style" | "template" | "title" | "head"))
        });
        if !hidden {
            out.extend(text.split_whitespace().map(str::to_owned));
        }
    }
    out.join(" ")
}

impl Default for Browser {
    fn default() -> Self {
        Self::new()
    }
}

impl Browser {
    pub fn new() -> Self {
        drop(rustls::crypto::ring::default_provider().install_default());
        let client = http_client(Duration::from_secs(30)).unwrap();
        Browser { client, cookies: BTreeMap::new(), page: None }
    }

    /// One whose owner has taken this certificate authority (PEM) into it, and no other.
    pub fn trusting(authority: &[u8]) -> Self {
        drop(rustls::crypto::ring::default_provider().install_default());
        let client = reqwest::Client::builder()
            .redirect(reqwest::redirect::Policy::none())
            .timeout(Duration::from_secs(30))
            .dns_resolver(std::sync::Arc::new(kommunportal::web::Loopback))
            .tls_certs_only([reqwest::Certificate::from_pem(authority).unwrap()])
            .build()
            .unwrap();
        Browser { client, ..Self::new() }
    }

    /// The same person's second tab, on no page yet.
    pub fn another_tab(&self) -> Self {
        Browser { client: self.client.clone(), cookies: self.cookies.clone(), page: None }
    }

    fn page(&self) -> &Page {
        self.page.as_ref().expect("no page is open")
    }

    pub fn url(&self) -> &Url {
        &self.page().url
    }

    pub fn path(&self) -> &str {
        self.page().url.path()
    }

    pub fn status(&self) -> u16 {
        self.page().status
    }

    pub fn header(&self, name: &str) -> &str {
        self.page().headers.get(name).and_then(|v| v.to_str().ok()).unwrap_or_default()
    }

    pub fn bytes(&self) -> &[u8] {
        &self.page().body
    }

    pub fn source(&self) -> String {
        String::from_utf8_lossy(&self.page().body).into_owned()
    }

    fn html(&self) -> Html {
        Html::parse_document(&self.source())
    }

    /// Everything that can be read on the page.
    pub fn text(&self) -> String {
        shown(&self.html())
    }

    pub fn title(&self) -> String {
        self.html().select(&selector("title")).next().map(words).unwrap_or_default()
    }

    /// Text of the first element that fits.
    pub fn find(&self, css: &str) -> Option<String> {
        self.html().select(&selector(css)).next().map(words)
    }

    pub fn attribute(&self, css: &str, name: &str) -> Option<String> {
        self.html().select(&selector(css)).next()?.attr(name).map(str::to_owned)
    }

    /// Where the links lead that begin so.
    pub fn links(&self, prefix: &str) -> Vec<String> {
        let mut links = self.all("a[href]", "href");
        links.retain(|href| href.starts_with(prefix));
        links
    }

    /// The attribute of every element that fits.
    pub fn all(&self, css: &str, name: &str) -> Vec<String> {
        self.html().select(&selector(css)).filter_map(|e| e.attr(name).map(str::to_owned)).collect()
    }

    pub fn count(&self, css: &str) -> usize {
        self.html().select(&selector(css)).count()
    }

    /// The page says this.
    #[track_caller]
    pub fn see(&self, wanted: &str) {
        assert!(self.text().contains(wanted), "\"{wanted}\" is not on {}", self.described());
    }

    /// The page does not say this anywhere, its source included.
    #[track_caller]
    pub fn do_not_see(&self, unwanted: &str) {
        let found = self.text().contains(unwanted) || self.source().contains(unwanted);
        assert!(!found, "\"{unwanted}\" is on {}", self.described());
    }

    #[track_caller]
    pub fn expect_status(&self, status: u16) {
        assert_eq!(self.status(), status, "{}", self.described());
    }

    fn described(&self) -> String {
        format!("{} (status {}):\n{}\n", self.url(), self.status(), self.text())
    }

    /// A cookie of this host, or none.
    pub fn cookie(&self, host: &str, name: &str) -> Option<&str> {
        self.cookies.get(host)?.get(name).map(String::as_str)
    }

    pub fn set_cookie(&mut self, host: &str, name: &str, value: &str) {
        self.cookies.entry(host.to_owned()).or_default().insert(name.to_owned(), value.to_owned());
    }

    /// One request with this host's cookies; the answer's cookies are kept.
    async fn send(&mut self, url: &Url, request: RequestBuilder) -> Page {
        self.try_send(url, request).await.unwrap_or_else(|e| panic!("{url}: {e:?}"))
    }

    async fn try_send(&mut self, url: &Url, request: RequestBuilder) -> reqwest::Result<Page> {
        let host = url.host_str().unwrap().to_owned();
        let jar = self.cookies.entry(host.clone()).or_default();
        let cookies: Vec<String> = jar.iter().map(|(name, value)| format!("{name}={value}")).collect();
        let request = request.header("accept", "text/html,application/xhtml+xml,*/*;q=0.8");
        let request = if cookies.is_empty() { request } else { request.header("cookie", cookies.join("; ")) };
        let response = request.send().await?;
        let headers = response.headers().clone();
        for line in headers.get_all("set-cookie") {
            let line = line.to_str().unwrap();
            let (pair, attributes) = line.split_once(';').unwrap_or((line, ""));
            let (name, value) = pair.split_once('=').unwrap();
            let jar = self.cookies.entry(host.clone()).or_default();
            if value.is_empty() || attributes.to_ascii_lowercase().contains("max-age=0") {
                jar.remove(name);
            } else {
                jar.insert(name.to_owned(), value.to_owned());
            }
        }
        let status = response.status().as_u16();
        Ok(Page { url: url.clone(), status, headers, body: response.bytes().await?.to_vec() })
    }

    /// Follows redirects until there is a page.
    async fn arrive(&mut self, page: Page) {
        self.try_arrive(page).await.unwrap_or_else(|e| panic!("{}: no answer", e.url))
    }

    async fn try_arrive(&mut self, mut page: Page) -> Result<(), Unanswered> {
        let mut left = 20;
        while (300..400).contains(&page.status) {
            left -= 1;
            assert!(left > 0, "{} redirects in a circle", page.url);
            let location = page.headers.get("location").unwrap_or_else(|| panic!("{}: no location", page.url));
            let next = page.url.join(location.to_str().unwrap()).unwrap();
            let request = self.client.request(Method::GET, next.clone());
            page = self.try_send(&next, request).await.map_err(|_| Unanswered { url: next, is_first: false })?;
        }
        self.page = Some(page);
        Ok(())
    }

    /// As [`open`](Self::open), where nobody may answer.
    pub async fn try_open(&mut self, address: &str) -> Result<(), Unanswered> {
        let url: Url = address.parse().unwrap();
        let request = self.client.request(Method::GET, url.clone());
        let page = self.try_send(&url, request).await.map_err(|_| Unanswered { url, is_first: true })?;
        self.try_arrive(page).await
    }

    /// As [`submit`](Self::submit), where nobody may answer.
    pub async fn try_submit(&mut self, form: Form, button: &str) -> Result<(), Unanswered> {
        let url = form.action.clone();
        let page = self.submit_once(form, button).await.map_err(|_| Unanswered { url, is_first: true })?;
        self.try_arrive(page).await
    }

    /// Types an address, whole or from the root of the site that is open.
    pub async fn open(&mut self, address: &str) {
        let url = match &self.page {
            Some(page) => page.url.join(address).unwrap(),
            None => address.parse().unwrap(),
        };
        let request = self.client.request(Method::GET, url.clone());
        let page = self.send(&url, request).await;
        self.arrive(page).await;
    }

    /// As `open`, with a `Host` header of the test's choosing. Redirects are not followed.
    pub async fn open_as_host(&mut self, address: &str, host: &str) {
        self.open_with(address, &[("host", host)]).await;
    }

    /// As `open`, with further headers of the test's choosing. Redirects are not followed.
    pub async fn open_with(&mut self, address: &str, headers: &[(&'static str, &str)]) {
        let url: Url = address.parse().unwrap();
        let mut request = self.client.request(Method::GET, url.clone());
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let page = self.send(&url, request).await;
        self.page = Some(page);
    }

    /// Sends fields without any page of ours, as a stranger would. Redirects are not followed.
    pub async fn post_raw(&mut self, address: &str, origin: Option<&str>, fields: &[(&str, &str)]) {
        let url: Url = address.parse().unwrap();
        let mut request = self.client.request(Method::POST, url.clone()).form(fields);
        if let Some(origin) = origin {
            request = request.header("origin", origin);
        }
        let page = self.send(&url, request).await;
        self.page = Some(page);
    }

    /// Follows the first link with these words.
    #[track_caller]
    pub fn click<'a>(&'a mut self, link: &str) -> impl Future<Output = ()> + 'a {
        let html = self.html();
        let found = html.select(&selector("a[href]")).find(|a| words(*a).contains(link));
        let Some(found) = found else { panic!("no link \"{link}\" on {}", self.described()) };
        let href = found.attr("href").unwrap().to_owned();
        async move { self.open(&href).await }
    }

    /// The form that is sent to an address ending so.
    #[track_caller]
    pub fn form(&self, action: &str) -> Form {
        self.form_where(&format!("sent to …{action}"), |form, url| {
            let target = form.attr("action").map_or_else(|| url.clone(), |a| url.join(a).unwrap());
            target.path().ends_with(action)
        })
    }

    /// The form that is sent to an address ending so and has this value in a hidden field.
    #[track_caller]
    pub fn form_where_value(&self, action: &str, field: &str, value: &str) -> Form {
        self.form_where(&format!("sent to …{action} about {value}"), |form, _| {
            let holds = selector(&format!("input[name='{field}'][value='{value}']"));
            form.attr("action").is_some_and(|a| a.ends_with(action)) && form.select(&holds).next().is_some()
        })
    }

    /// The form with a button that says so.
    #[track_caller]
    pub fn form_with(&self, button: &str) -> Form {
        self.form_where(&format!("with the button \"{button}\""), |form, _| {
            form.select(&selector("button")).any(|b| words(b).contains(button))
        })
    }

    #[track_caller]
    fn form_where(&self, what: &str, fits: impl Fn(ElementRef<'_>, &Url) -> bool) -> Form {
        let html = self.html();
        let found = html.select(&selector("form")).find(|form| fits(*form, self.url()));
        let Some(found) = found else { panic!("no form {what} on {}", self.described()) };
        Form::read(&html, found, self.url(), self.text())
    }

    /// Presses a form's button.
    pub async fn submit(&mut self, form: Form, button: &str) {
        let url = form.action.clone();
        let page = self.submit_once(form, button).await.unwrap_or_else(|e| panic!("{url}: {e:?}"));
        self.arrive(page).await;
    }

    /// As [`submit`](Self::submit). Redirects are not followed.
    pub async fn press(&mut self, form: Form, button: &str) {
        let url = form.action.clone();
        let page = self.submit_once(form, button).await.unwrap_or_else(|e| panic!("{url}: {e:?}"));
        self.page = Some(page);
    }

    async fn submit_once(&mut self, form: Form, button: &str) -> reqwest::Result<Page> {
        let fields = form.sent_with(button);
        let mut url = form.action.clone();
        if !form.is_post {
            url.query_pairs_mut().clear().extend_pairs(&fields);
            let request = self.client.request(Method::GET, url.clone());
            return self.try_send(&url, request).await;
        }
        let origin = url.origin().ascii_serialization();
        let request = self
            .client
            .request(Method::POST, url.clone())
            .header("origin", origin)
            .header("sec-fetch-site", "same-origin");
        let request = match form.multipart(&fields) {
            Some((kind, body)) => request.header("content-type", kind).body(body),
            None => request.form(&fields),
        };
        self.try_send(&url, request).await
    }
}
