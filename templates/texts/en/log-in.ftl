# Log-in: what went wrong, what happened, what to do.

login-again = Try again

login-cancelled-title = The login was cancelled
login-cancelled-text = You are not logged in. What you have saved is still here.
login-cancelled-way-on = Try again whenever you like.

login-level-title = You need another e-identification
login-level-text = This service needs an e-identification with a higher level of assurance than the one you used. You are not logged in.
login-level-way-on = Choose another e-identification and try again. Contact the municipality if you have no other.

login-session-title = Start the login again
login-session-text = The login took too long or was started in another browser. You are not logged in.
login-session-way-on = Start again, and stay in the same browser until you are logged in.

login-identity-title = We could not see who you are
login-identity-text = Your e-identification gave us no valid details of who you are, for example no valid personal identity number or coordination number. You are not logged in.
login-identity-way-on = Try another e-identification. Contact the municipality if it happens again.

login-other-person-title = Another person identified themselves
login-other-person-text = The person who identified themselves or signed is not the person who is logged in. Nothing has been sent.
login-other-person-way-on = Try again with your own e-identification, or log out and let the other person log in.

login-unavailable-title = The login service is not answering
login-unavailable-text = The login service is not answering as it should right now. You are not logged in. What you have saved is still there.
login-unavailable-way-on = Try again in a while. Contact the municipality if it is urgent.

login-technical-title = The login could not be confirmed
login-technical-text = We could not confirm the answer from the login service. That is why you are not logged in.
login-technical-way-on = Try again. Contact the municipality if it happens again.

login-sign-cancelled-title = The signing was cancelled
login-sign-cancelled-text = The signing was cancelled. Your case is saved but not sent.
login-sign-cancelled-way-on = Go back to your case and sign whenever you like.


error-deceased-title = You cannot log in
error-deceased-text = Something in the population register stops a login with this e-identification.
error-deceased-way-on = Contact the municipality if you think this is wrong.
# The same session, asked for anew or more strongly.
step-up-title = Identify yourself again
step-up-too-low = This needs a stronger e-identification than the one you logged in with: assurance level { $level }.
step-up-too-old = More than { $minutes } minutes have passed since you identified yourself. For your safety, please do it again before you go on here.
step-up-kept = What you have written is still there. Afterwards you come back here. It must be you yourself who identifies.
step-up-go = Identify yourself
step-up-stopped = You are logged in as before. What you have saved is still there.
step-up-cancelled-title = The identification was cancelled
step-up-level-title = You need another e-identification
step-up-session-title = Please start the identification again
step-up-identity-title = We could not see who you are
step-up-other-person-title = Another person identified themselves
step-up-unavailable-title = The identification service does not answer
step-up-technical-title = The identification could not be confirmed

error-other-number-title = We could not see who you are
error-other-number-text = What the login service says does not fit your last login. You are not logged in.
error-other-number-way-on = Contact the municipality and we will sort it out. You can also try another e-identification.
