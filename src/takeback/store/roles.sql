-- The roles and the database of Takeback, for PostgreSQL 15 and newer; run it as an administrator, as often as you like.
-- `takeback db roles` prints this file for psql, `takeback db roles --run URL` runs it.
--   takeback_owner      owns the database and its tables; only migrations use it
--   takeback_app        what the server, the workers and the command line use; owns nothing
--   takeback_sequencer  appends the ledger's leaves; the application role takes it on with SET ROLE

do $roles$
declare
    wanted record;
begin
    for wanted in
        select * from (values
            ('takeback_owner', 'login'),
            ('takeback_app', 'login noinherit'),
            ('takeback_sequencer', 'nologin noinherit')
        ) as role (name, attributes)
    loop
        if not exists (select from pg_roles where rolname = wanted.name) then
            execute format('create role %I', wanted.name);
        end if;
        -- A role that has what only an administrator may take away is left as it is: the start refuses it by name.
        execute format('alter role %I %s nocreatedb nocreaterole', wanted.name, wanted.attributes);
    end loop;
end
$roles$;

grant takeback_sequencer to takeback_app;

-- An administrator who is no superuser must be a member of the role that shall own the database.
do $member$
begin
    if not (select rolsuper from pg_roles where rolname = current_user) then
        execute format('grant takeback_owner to %I', current_user);
    end if;
end
$member$;

select format('create database %I owner takeback_owner encoding ''UTF8'' locale_provider libc lc_collate ''C'' lc_ctype ''C'' template template0', '{database}')
where not exists (select from pg_database where datname = '{database}')
\gexec

alter database {database} owner to takeback_owner;
revoke all on database {database} from public;
grant connect, temporary on database {database} to takeback_app;

\connect {database}

alter schema public owner to takeback_owner;
revoke all on schema public from public;
grant usage on schema public to takeback_app, takeback_sequencer;
