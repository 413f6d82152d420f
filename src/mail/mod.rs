//! Letters by SMTP: putting one together and handing it to the mail server. What it says and when it goes is the
//! business of others; so is trying again, which [`MailError`] tells them whether to do.

mod letter;
mod relay;

#[cfg(test)]
mod tests;

pub use letter::{Content, InvalidSender, Letter, Sender, compose};
pub use relay::{Limits, MailError, Mailer};
