revoke update (password_hash) on users from jebena_gate;
