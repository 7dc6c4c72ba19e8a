-- What a training organisation keeps about its learners: who, which skill, which evidence, with which score.
-- Everything is generated, and the same at every run.
create table agents (
  id text primary key,
  name text not null,
  since date not null
);
create table skills (
  id int primary key,
  code text not null unique,
  level text not null check (level in ('A1', 'A2', 'B1', 'B2', 'C1', 'C2'))
);
create table evidence (
  id bigint generated always as identity primary key,
  agent text not null references agents,
  skill int not null references skills,
  score numeric(5, 2) not null check (score between 0 and 100),
  weight int not null default 1,
  seen_at timestamptz not null
);
create index evidence_of_agent on evidence (agent, skill);

insert into agents select 'AGENT_' || lpad(n::text, 4, '0'), 'Learner ' || n, date '2024-01-01' + n % 600
  from generate_series(1, 2000) n;
insert into agents values ('AGENT_TEST', 'Élodie Test', '2025-09-01');
insert into skills select n, 'S' || lpad(n::text, 3, '0'), (array['A1', 'A2', 'B1', 'B2', 'C1', 'C2'])[1 + n % 6]
  from generate_series(1, 120) n;
insert into evidence (agent, skill, score, weight, seen_at)
  select 'AGENT_' || lpad((1 + n % 2000)::text, 4, '0'), 1 + n % 120, (n * 7919::bigint % 10001) / 100.0, 1 + n % 3,
         timestamptz '2025-01-01 08:00:00+00' + n * interval '97 seconds'
  from generate_series(1, 200000) n;
insert into evidence (agent, skill, score, weight, seen_at)
  select 'AGENT_TEST', n, 40 + n % 50, 1 + n % 3, timestamptz '2026-01-05 09:00:00+00' + n * interval '1 hour'
  from generate_series(1, 120) n;

-- The probe of the recovery plan: a profile worked out anew from every piece of evidence.
create function recalc_full_ceredis(who text) returns numeric
language sql stable strict as $$
  select round(avg(of_skill), 2)
  from (
    select sum(e.score * e.weight) / sum(e.weight) as of_skill
    from evidence e join skills s on s.id = e.skill
    where e.agent = who
    group by s.id
  ) per_skill
$$;

grant select, insert on all tables in schema public to ceredis;
grant execute on function recalc_full_ceredis to ceredis;
analyze;
