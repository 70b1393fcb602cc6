revoke insert on holidays from jebena_worker;
