# The staff's roles and sessions, at the desk and in the administration.

powers-nav = Roles
powers-title = Roles
powers-lead = One person asks and another approves. Nobody asks or approves for themselves. Taking a role away takes effect at once.
powers-waiting = Waiting for an answer
powers-none-waiting = No request is waiting.
powers-asked-by = Asked for by { $name } { $time }
powers-expires = Lapses { $date } if nobody answers
powers-another = Somebody else is to answer this request.
powers-yes = Approve
powers-no = Refuse
powers-ask = Ask for a role
powers-ask-send = Send the request
powers-people = As it is now
powers-take = Take away
powers-person = Who?
powers-person-hint = The whole affiliation, for example anna01@2120009911
powers-person-wrong = Write the affiliation like this: anna01@ and the municipality's organisation number
powers-namn = Name
powers-namn-hint = Needed only for somebody who is new here.
powers-namn-missing = Write the name of the new person
powers-behorighet = Which role?
powers-behorighet-hint = You see the roles that you may ask for.
powers-behorighet-missing = Choose a role
powers-varfor = Why?
powers-varfor-hint = Read by whoever is to approve.
powers-varfor-missing = Write why, in at least 5 characters
powers-own = Somebody else must ask for a role for you
powers-held = The person already has that role
powers-asked = A request is already waiting for an answer
powers-notice-begart = The request has been sent. Somebody else is to answer it.
powers-notice-svarat = The answer has been saved.
powers-notice-borttaget = The role has been taken away.

role-handler = Case officer
role-manager = Manager
role-systemforvaltare = System administrator
role-systemagare = System owner
role-informationsagare = Information owner

logins-nav = Logins
logins-staff-title = Logins
logins-staff-all = Everybody on the staff who is logged in now.
logins-resident = Log out a resident
logins-resident-id = What the person is called in the log
logins-resident-hint = For example party:0190… All logins of that person are ended.
logins-resident-end = Log out everywhere

error-four-eyes-title = Somebody else needs to do this
error-four-eyes-text = Whoever asked for a role, or is to get it, cannot approve it. The right role is needed too.
error-four-eyes-way-on = Ask a colleague with the right role to answer.
error-other-role-title = This page belongs to another role
error-other-role-text = You are logged in but do not have the role that the page is for.
error-other-role-way-on = Under Roles you see who has it.
