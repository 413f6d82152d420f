## Sidans ram
skip-to-content = Hoppa till innehållet
brand-sub = E-tjänster
nav-label = Huvudmeny
nav-services = E-tjänster
nav-my-pages = Mina sidor
sign-in = Logga in
sign-out = Logga ut
signed-in-as = Inloggad som
acting-for = för { $name }
back = Tillbaka
breadcrumb-label = Du är här
title-error-prefix = Fel:
demo-name = Demo
demo-text = påhittade personer
demo-side-portal = Invånare
demo-side-desk = Handläggare
demo-side-control-room = Kontrollrum
footer-contact = Kontakt
footer-about = Om webbplatsen
footer-accessibility = Tillgänglighet
footer-personal-data = Personuppgifter
footer-urgent = Akut hjälp
footer-urgent-text = Ring 112 om liv, egendom eller miljö är i fara. Ring 1177 för råd om vård.
footer-cookies = Vi använder bara kakor som behövs för inloggning, utkast och språk. Ingen följer dig här.
footer-request-id = Sidans nummer:
desk-name = Handläggarstöd
desk-nav-inbox = Inkorg
desk-nav-mine = Mina ärenden
desk-nav-search = Sök
session-heading = Är du kvar?
session-text = Du loggas snart ut eftersom du inte har gjort något på en stund. Det du har sparat finns kvar.
session-renew = Fortsätt vara inloggad
session-last-heading = Din tid är snart slut
session-last = Du loggas ut klockan { $time }, eftersom du då har varit inloggad i åtta timmar. Det du har sparat finns kvar. Logga in igen för att fortsätta.
session-close = Stäng

## Formulär
optional = (frivilligt)
error-prefix = Fel:
error-summary-title = Det finns något att rätta till
change = Ändra
not-answered = Inte besvarad
not-known = Uppgift saknas
field-choose = Välj
field-year = År
field-month = Månad
field-day = Dag
field-maxlength = Högst { $count } tecken.
field-refresh = Uppdatera frågorna
file-saved = sparad
file-remove = Ta bort
group-add = Lägg till en till
group-remove = Ta bort
place-use-mine = Använd min plats
place-busy = Hämtar din plats.
place-done = Platsen är sparad tillsammans med din beskrivning.
place-failed = Det gick inte att hämta din plats. Beskriv den i rutan i stället.
draft-saved = Sparat { $time }
draft-not-saved = Inget sparat än
draft-save-failed = Inte sparat just nu, vi försöker igen
draft-not-sent = inte inskickat än
draft-law = Ett sparat ärende är inte en inkommen handling.
draft-deleted-on = Utkastet raderas { $date }.
step-of = Steg { $current } av { $total }

## Innehåll
minutes = { $count ->
    [one] Cirka 1 minut
   *[other] Cirka { $count } minuter
}
login-needed = Kräver e-legitimation
login-not-needed = Utan inloggning
service-count = { $count ->
    [one] 1 e-tjänst
   *[other] { $count } e-tjänster
}
task-done = Klar
task-started = Påbörjad
task-todo = Inte påbörjad
task-later = Kan inte börjas än
search-button = Sök
pagination-label = Sidor
pagination-previous = Föregående
pagination-next = Nästa
pagination-page = Sida { $page }
confirmation-reference = Ditt ärendenummer
next-move-you = Nu är det din tur
next-move-municipality = Nu är det kommunens tur
next-move-other = Vi väntar på någon annan
next-move-none = Kommunen är klar med ärendet
message-label = Skriv ett meddelande
message-hint = Skriv inte känsliga uppgifter om någon annan.
message-files = Bifoga filer
message-send = Skicka meddelandet
message-new = Nytt

## Ärendets läge
status-received = Inkommet
status-registered = Registrerat
status-assigned = Handläggare utsedd
status-in-progress = Under handläggning
status-supplement-needed = Komplettering behövs
status-supplement-received = Komplettering inkommen
status-awaiting-decision = Väntar på beslut
status-decided = Beslut finns
status-appealed = Överklagat
status-enforced = Beslutet verkställt
status-paused = Vilande
status-transferred = Överlämnat
status-withdrawn = Återkallat
status-rejected-formally = Avvisat
status-closed = Avslutat

## Händelser hos den som handlägger
event-kind-registered = Registrering
event-kind-status-changed = Ny status
event-kind-handler-assigned = Handläggare
event-kind-due-date-changed = Beslutsdag
event-kind-message-sent = Meddelande
event-kind-supplement-requested = Begäran om komplettering
event-kind-supplement-resolved = Komplettering bedömd
event-kind-hearing-requested = Kommunicering
event-kind-document-published = Handling
event-kind-document-withdrawn = Tillbakatagen handling
event-kind-decision-made = Beslut
event-kind-decision-served = Delgivning
event-kind-appeal-received = Överklagande
event-kind-transferred = Överlämnande
event-kind-closed = Avslut
event-kind-reopened = Öppnat igen
