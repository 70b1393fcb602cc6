### Pages for what could not be answered: what happened, and what to do.

error-reference = If you report this, quote the code { $code }.
error-way-start = Go to the start page
error-way-sign-in = Sign in
error-way-password = Ask for another link
error-way-present-state = See how it stands now
error-way-paper = To the paper

error-not-found-title = Not found
error-not-found = There is nothing at this address, or it is not yours to see.
error-not-found-advice = Check the address, or look for the export in your list.

error-link-over-title = This link works no more
error-link-over = It was used already, or its time is over.
error-link-over-invitation = If you have made your account with it, sign in. If not, ask whoever invited you for another invitation.
error-link-over-password = If you have set a new password with it, sign in with that. If not, ask for another link.
error-link-over-handed = If you have set a new password with it, sign in with that. If not, ask the administrator of your organisation for another link.

error-sign-in-title = Please sign in
error-sign-in = You are not signed in, or you were signed out because nothing happened for a while.
error-sign-in-advice = Nothing was stored. Sign in, open the page again and send it once more.
error-sign-in-kept = What you have typed is kept: sign in here, and it is sent when you say so.

error-forbidden-title = Not allowed
error-forbidden = Your role does not allow this.
error-forbidden-advice = If it should be yours to do, ask the staff administrator of your organisation.

error-step-title = Not your step
error-step-advice = Nothing was stored. The case shows whose turn it is.

error-form-token-title = The page was too old
error-form-token = This form was not made for your present session, perhaps because you have signed in again since.
error-form-token-advice = Nothing was stored. Open the page again and send it once more.
error-form-token-kept = What you have typed is kept and was not sent yet. Send it now, or go back.

error-foreign-site-title = Sent from another site
error-foreign-site = Your browser says that this form was not sent from our own pages.
error-foreign-site-advice = Nothing was stored. Open the page here and fill in the form again.

error-conflict-title = It has changed in the meantime
error-conflict = Somebody else was quicker.
error-conflict-by = { $who } was quicker.
error-conflict-at = It was changed on { $when }.
error-conflict-by-at = { $who } was quicker, on { $when }.
error-conflict-advice = Nothing of yours was stored. See how it stands now and decide again.

error-key-reused-title = This form was already sent
error-key-reused = The same form was sent before with other content.
error-key-reused-advice = The first content counts. Open the page again to see what was stored.

error-query-title = Unclear address
error-query = A part of this address cannot be read.
error-query-advice = Start again from the list and choose there.

error-unreadable-title = The form cannot be read
error-unreadable = What arrived is not the form that this page has.
error-unreadable-advice = Nothing was stored. Open the page again and fill in the form there.

error-too-large-title = Too large
error-too-large = At most { $limit } can be sent here.
error-too-large-advice = Nothing was stored. Make it smaller and try again.

error-body-title = Not of a kind that fits
error-body = What was sent is not of the kind that is taken here.
error-body-advice = Nothing was stored. Use the form on the page.

error-method-title = Not possible here
error-method = This address cannot be used in that way.
error-method-advice = Start again from the page that led here.

error-host-title = Not this site
error-host = The address in your browser is not the one under which this site answers.
error-host-advice = Use the address that your organisation was given.

error-too-many-title = Too many requests
error-too-many = Too many requests came from here in a short time.
error-too-many-advice = Wait a few minutes and try again.

error-read-only-title = Read-only for now
error-read-only = Everything can be read and printed; nothing can be changed at the moment.
error-read-only-advice = Nothing was stored. What you typed is still on the page before this one; try again later.

error-soon-title = Come again in a moment
error-soon-advice = Nothing is wrong: load this page again.
error-unavailable-title = Please try again in a moment
error-unavailable = The service is busy or a part of it cannot be reached just now.
error-unavailable-advice = Nothing is lost: sending the same form again counts once.

error-internal-title = Something went wrong on our side
error-internal = The mistake is ours and has been written down.
error-internal-advice = Try again; if it stays, tell the administrator the reference below.
