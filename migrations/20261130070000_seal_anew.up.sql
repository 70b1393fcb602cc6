-- The operator may seal the secrets of second factors under another key. What was used stays used: that is asked of every update
-- that touches what was used, and of no other.
drop trigger once on second_factors;
create trigger once before update of confirmed_at, last_used_step on second_factors
    for each row execute function app.keep_codes_used();
grant update (sealed_secret) on second_factors to jebena_gate;
