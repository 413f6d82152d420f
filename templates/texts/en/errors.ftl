## Errors
error-not-found-title = The page does not exist
error-not-found-text = The address may be misspelt, or the page has been moved or removed.
error-not-found-way-on = Check the address or start again from the front page.
error-gone-title = The page no longer exists
error-gone-text = What was here has been removed. Drafts and closed cases are deleted after a certain time.
error-gone-way-on = Start again from the front page. Contact us if something is missing.
error-forbidden-title = You do not have access to this page
error-forbidden-text = The page belongs to someone else, or you need to log in in another way.
error-forbidden-way-on = Check who you are logged in as. If it is wrong, log out and log in again.
error-form-expired-title = The page had been open for too long
error-form-expired-text = For security reasons we did not accept the last thing you sent.
error-form-expired-way-on = Go back, reload the page and send it again.
error-foreign-form-title = We did not accept what was sent
error-foreign-form-text = It came from another website. For your safety we only accept what you send from our own pages.
error-foreign-form-way-on = Go to the e-service from our front page and try there.
error-too-many-title = Too many attempts
error-too-many-text = To protect the service we have put a stop for a short while.
error-too-many-way-on = Wait a minute and then try again.
error-too-large-title = What you sent was too large
error-too-large-text = We could not receive it, but what you had saved before is not affected.
error-too-large-way-on = Go back, make the file smaller or divide it into several and send again.
error-unavailable-title = The service is not available right now
error-unavailable-text = A system that we need is not answering. What you had saved before is still here.
error-unavailable-way-on = Try again in a few minutes.
error-database-down-title = We cannot save anything right now
error-database-down-text = One of our systems is not answering. What you had saved before is still here, but the last thing you sent may not have arrived.
error-database-down-way-on = Wait a few minutes and reload the page. If it is not there, send it again.
error-misdirected-title = There is no municipality here
error-misdirected-text = The address does not belong to any municipality that uses these e-services.
error-misdirected-way-on = Check the address.
error-invalid-title = We did not understand what was sent
error-invalid-text = Something was missing or had the wrong form, so we did nothing with it.
error-invalid-way-on = Go back to the previous page, reload it and try again.
error-conflict-title = The information has changed
error-conflict-text = Someone else, or you in another window, made a change while the page was open.
error-conflict-way-on = Reload the page and see what it looks like now.
error-internal-title = Something went wrong on our side
error-internal-text = The fault is ours, not yours. It has been recorded. What you had saved before is still here.
error-internal-way-on = Try again in a while. Contact us if the fault comes back.
error-logged-out-title = You have been logged out
error-logged-out-text = It took too long, so we could not take what you sent. What you wrote is still here below.
error-logged-out-way-on = Copy what you wrote. Log in again, paste it and send it.
error-typed = What you wrote
error-typed-hint = We have not saved it. Do not leave this page until you have copied it.
error-typed-label = { $count ->
    [one] Your text
   *[other] Text { $number } of { $count }
}
error-way-log-in = Log in again
error-way-log-in-tab = Log in again (opens in a new tab)
error-ways = How to go on
error-way-start = To the front page
error-way-call = Call us:
error-number = Mention this number if you contact us:

error-step-up-title = Please identify yourself again
error-step-up-text = We could not take what you sent until you have identified yourself again. What you wrote is below.
error-step-up-way-on = Copy what you wrote. Identify yourself again, paste it and send.

error-other-capacity-title = You have changed whom you represent
error-other-capacity-text = The page was opened while you represented somebody else, or for yourself. So we have not saved or sent what you just wrote.
error-other-capacity-way-on = Open the page again if it should be about whom you represent now. Otherwise change back first. What was saved before is still with whom it was about.
error-way-acting = Does the page belong to somebody you represent? Change whom you represent
error-not-yours-to-sign-title = This is not for you
error-not-yours-to-sign-text = Somebody else has been asked to sign. You are logged in as another person and cannot see what it is about.
error-not-yours-to-sign-way-on = Are you the one who is to sign? Log out and log in with your own electronic identification, or contact the municipality.
