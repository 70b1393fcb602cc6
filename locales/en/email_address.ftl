### The address at which a person is written to.

email-title = E-mail address
email-address = E-mail address
email-address-now = You are written to at
email-none = none
email-unconfirmed = not confirmed yet
email-confirmed-at = confirmed { $at }
email-lead = A link goes to the address that you give. Once you have followed it within { $hours } hours, links for a new password and everything that you are told goes there.
email-without-mail = This site sends no mail, so no address can be confirmed. Ask the administrator of your organisation for another way in.
email-ask = Send the link
email-asked = A link is on its way to { $email }. Follow it to confirm the address; look among unwanted mail if it has not come after a few minutes.
email-is-yours = This address is confirmed already.
email-of-demo = The accounts of the demonstration are everybody’s, so none of them has an address. An account that you register or are invited to can have one.
email-confirm-title = Confirm your e-mail address
email-confirm-lead = Is this your address, and your account? Then confirm it.
email-confirm = Confirm the address
email-confirmed = Your e-mail address is confirmed.
email-taken = Another account has this address already. Sign in with that account, or give another address.

mail-email-confirmation-subject = Confirm your e-mail address for Jebena
mail-email-confirmation-text =
    Dear { $name },

    This address was given for the account { $username }. If that was you, confirm it within { $hours } hours:
    { $link }

    If it was not you, there is nothing to do: without your answer nothing else is sent here.
mail-email-replaced-subject = Your account in Jebena has another e-mail address
mail-email-replaced-text =
    Dear { $name },

    Your account { $username } is written to at another address from now on. If that was you, there is nothing to do. Your account is here:
    { $link }

    If it was not you, tell the administrator of your organisation at once.
