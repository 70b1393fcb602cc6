-- Who changes their own password is judged and written by the gate, which alone reads it.
grant update (password_hash) on users to jebena_gate;
