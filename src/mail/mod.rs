//! Letters by SMTP.
