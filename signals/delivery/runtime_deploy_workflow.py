"""Deploying by pipeline: a change that is merged or tagged reaches what runs, without anybody's own machine.

What it proves: there is a road from a change to the running service, written down, and the pipeline drives on it. A
repaired fault is then minutes away from its users, and so is the way back. DORA names the two halves: deployment
frequency and lead time for changes. Beside it stands what makes such a road safe: named environments, a lock against
two deployments at once, and credentials that only the pipeline holds.

Levels
- declared: a job holds a deploying command or action, but people have to start it by hand, it serves previews of
  proposed changes, it is switched off in this repository, or only another workflow can call it.
- used: it starts by itself when a change is pushed, merged, tagged or released (or on a schedule), and its target is
  none for tests; or a pipeline that starts by itself calls it.
- lived-in: the general test: the person changed the file in three months over at least 90 days, or changed its
  deploying lines in a linked fix.

What counts: commands for clusters (kubectl, Helm), infrastructure (Terraform, Ansible, Pulumi), container services,
functions, application platforms, model servers; ready-made deploy actions; commands sent to a server over SSH; and the
project's own deploy script or workflow if the job has credentials, an environment or a lock; and handing a version over
to the repository that deploys it, in a job that says so.

What does not count: publishing pages, documents or packages; clusters that live as long as a test (kind, minikube,
k3d); plans and dry runs; backups through a host's interface; jobs that only talk about deployments (locks, comments).

Sources: DORA, deployment frequency and lead time for changes; Site Reliability Engineering, chapter 8; catalogue D7.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from signals.base import ContentRule, Wants
from signals.delivery._deployments import Deployment, deployments, describe
from signals.delivery._pipelines import PATHS, Pipeline, of_file
from signals.file import File
from signals.model import Fact, FactValue, Hit, Level, Room, defines, refers
from signals.sample import Sample

MAX_LINES = 40


def find(file: File) -> Iterator[Hit | Fact]:
    """A hit for a pipeline with deploying jobs, and which workflows call which."""
    pipeline = of_file(file)
    if pipeline is None:
        return
    if "workflow_call" in pipeline.triggers:
        yield defines("deploy-workflow", file.path, pipeline.trigger_line)
    found = deployments(pipeline, file.name)
    if not found:
        return
    real = [d for d in found if d.automatic and not d.trial and not d.switched_off]
    for d in real:
        if d.job.calls.startswith("./"):
            yield refers("deploy-workflow", d.job.calls[2:], d.job.line)
    yield _hit(pipeline, found, real)


def _hit(pipeline: Pipeline, found: Sequence[Deployment], real: Sequence[Deployment]) -> Hit:
    shown = real or found
    first, *rest = [line for d in shown for line in d.lines]
    beside = {line for d in shown for line in (*d.job.environment_lines, d.job.exclusive) if line}
    facts: dict[str, FactValue] = {
        "service": pipeline.service,
        "targets": tuple(sorted({kind for d in shown for kind in d.kinds})),
        "environments": tuple(sorted({e for d in shown for e in d.job.environments})),
        "triggers": tuple(sorted(set(pipeline.triggers))),
        "n_deploy_jobs": len(found),
        "exclusive": any(d.job.exclusive for d in shown),
    }
    return Hit(
        line=first,
        level=Level.USED if real else Level.DECLARED,
        message=describe(pipeline, found, real),
        more=tuple(sorted({*rest, *beside} - {first}))[:MAX_LINES],
        facts=facts,
        guards=("example_name",) if all(d.in_example for d in shown) else (),
    )


SIGNAL = ContentRule(
    title="Deploying by pipeline",
    proves="Merging or tagging a change puts it into the running service, by a written-down road.",
    claims=("E3",),
    cost="B,D",
    wants=Wants(paths=PATHS),
    find=find,
    room=Room.RUNTIME,
)

FIRES_ON = (
    # an operated service: one environment by tag, another by branch, commands sent to a server
    Sample(
        ".github/workflows/container-deploy.yml",
        """
name: Container deployment
on:
  push:
    branches: [main]
    tags: ["v*"]
jobs:
  deploy:
    runs-on: ubuntu-latest
    strategy:
      matrix:
        env:
          - ${{ startsWith(github.ref, 'refs/tags/v') && 'shop-org' || 'shop-net' }}
    environment: ${{ matrix.env }} ⟵
    concurrency: ${{ matrix.env }} ⟵
    steps:
      - uses: actions/checkout@v4
      - name: Start the containers
        uses: appleboy/ssh-action@v1 ⟵
        with:
          key: ${{ secrets.SSH_PRIVATE_KEY }}
          script: |
            cd shop
            docker compose pull ⟵
            docker compose up -d ⟵
""",
        Level.USED,
    ),
    # an own deploy script, staging first, under a lock
    Sample(
        ".github/workflows/cd.yml",
        """
name: Continuous Deployment
concurrency: deploy ⟵
on: { push: { branches: [main] } }
jobs:
  staging-deploy:
    runs-on: ubuntu-24.04
    steps:
      - run: pip install -r requirements.txt
      - run: |
          . ./cert.env
          python ./deploy.py staging ⟵
        env: { KEY: "${{ secrets.CRYPT_KEY }}" }
""",
        Level.USED,
    ),
    # infrastructure applied on merge; the plan for proposed changes is none
    Sample(
        ".github/workflows/terraform.yml",
        """
on: { push: { branches: [main] } }
permissions: { id-token: write }
jobs:
  plan:
    steps: [{ run: terraform plan -input=false }]
  apply:
    environment: production ⟵
    steps:
      - working-directory: env/production
        run: terraform apply -auto-approve -lock-timeout=10m ⟵
""",
        Level.USED,
    ),
    # the deploying commands stand in a workflow that another one calls
    Sample(
        ".github/workflows/deploy.yml",
        """
on: { push: { branches: [main] } }
jobs:
  production: ⟵
    uses: ./.github/workflows/deploy-environment.yml
    secrets: inherit
""",
        Level.USED,
        {
            ".github/workflows/deploy-environment.yml": """
on: { workflow_call: { inputs: { environment: { type: string } } } }
jobs:
  backend:
    environment: ${{ inputs.environment }} ⟵
    steps:
      - run: |
          aws ecs update-service --cluster "$CLUSTER" \\ ⟵
            --service api --force-new-deployment
        env:
          ROLE: ${{ secrets.DEPLOY_ROLE }}
"""
        },
    ),
    # a ready-made action; GitLab; CircleCI with a shared command
    Sample(
        ".github/workflows/release.yml",
        """
on: release
permissions: { id-token: write }
jobs:
  ship:
    steps:
      - uses: google-github-actions/deploy-cloudrun@v2 ⟵
        with: { service: scorer }
""",
        Level.USED,
    ),
    Sample(
        ".gitlab-ci.yml",
        """
deploy production:
  stage: deploy
  script:
    - helm upgrade --install scorer ./chart --set image.tag=$CI_COMMIT_SHA ⟵
  environment:
    name: production ⟵
  resource_group: production ⟵
  only:
    - main
""",
        Level.USED,
    ),
    Sample(
        ".circleci/config.yml",
        """
version: 2.1
commands:
  deploy-to:
    steps:
      - run:
          name: Deploy
          command: |
            kubectl config set-credentials ci --token=$K8S_TOKEN
            ./bin/deploy << parameters.environment >> ⟵
jobs: { unit: { steps: [checkout, { run: make test }] } }
""",
        Level.USED,
    ),
    # the manifests live in another repository, which is told the new version
    Sample(
        ".github/workflows/docker.yml",
        """
name: Build, push and deploy
on: { push: { branches: [main] } }
jobs:
  deploy:
    steps:
      - name: Update the image in staging ⟵
        run: |
          curl -X POST -H "Authorization: Bearer ${{ secrets.MANIFESTS_TOKEN }}" \\
            https://api.github.com/repos/acme/manifests/dispatches -d '{"tag": "1"}'
""",
        Level.USED,
    ),
    # by hand only; switched off in the template itself; previews of pull requests; what starts it is elsewhere
    Sample(
        ".github/workflows/function.yml",
        """
on: workflow_dispatch
permissions: { id-token: write }
jobs:
  deploy:
    steps:
      - run: gcloud functions deploy scorer --region=eu ⟵
""",
        Level.DECLARED,
    ),
    Sample(
        ".github/workflows/deploy-production.yml",
        """
on: release
jobs:
  deploy:
    if: github.repository_owner != 'acme'
    runs-on: [self-hosted, production]
    steps:
      - run: docker compose -f compose.yml --project-name ${{ secrets.STACK }} up -d ⟵
""",
        Level.DECLARED,
    ),
    Sample(
        ".github/workflows/deploy-pr.yaml",
        """
name: Deploy Staging - Pull Request
on: pull_request
jobs:
  deployment:
    environment: cluster-staging ⟵
    steps:
      - run: skaffold run --namespace=pr${PR} ⟵
        env:
          TOKEN: ${{ secrets.CLUSTER }}
""",
        Level.DECLARED,
    ),
    Sample(
        "cloudbuild.yaml",
        """
steps:
  - name: gcr.io/cloud-builders/docker
    args: [build, -t, scorer, .]
  - name: gcr.io/google.com/cloudsdktool/cloud-sdk ⟵
    entrypoint: gcloud
    args:
      - run
      - deploy
      - scorer
""",
        Level.DECLARED,
    ),
)

SILENT_ON = (
    # pages, packages and images are published, nothing of the project's runs
    Sample(
        ".github/workflows/deploy-docs.yml",
        """
on: push
jobs:
  deploy:
    environment: github-pages
    env: { TOKEN: "${{ secrets.PAGES_TOKEN }}" }
    steps: [{ run: npm run deploy }, { uses: actions/deploy-pages@v4 }]
""",
    ),
    Sample(
        ".github/workflows/release.yml",
        """
on: { push: { tags: ["v*"] } }
jobs:
  deploy:
    environment: pypi
    env: { TWINE_PASSWORD: "${{ secrets.PYPI_TOKEN }}" }
    steps: [{ run: make deploy }, { run: docker push registry.example/scorer }]
""",
    ),
    # clusters and infrastructure that live as long as the test
    Sample(
        ".github/workflows/build.yml",
        """
on: push
env: { TOKEN: "${{ secrets.REGISTRY_TOKEN }}" }
jobs:
  install:
    steps:
      - uses: helm/kind-action@v1
      - run: kubectl apply -f config/
  integration-test:
    steps: [{ run: terraform apply -auto-approve }, { run: pytest }]
  module:
    steps: [{ run: terraform apply -auto-approve }, { run: terraform destroy -auto-approve }]
""",
    ),
    # no credentials: whatever it applies stays on the runner
    Sample(
        ".github/workflows/chart.yml", "on: push\njobs:\n  x:\n    steps: [{ run: helm upgrade --install s ./chart }]\n"
    ),
    # a plan, a dry run, words only, preparations
    Sample(
        ".github/workflows/plan.yml",
        """
on: pull_request
jobs:
  plan:
    environment: production
    steps:
      - run: |
          # terraform apply runs after the merge
          terraform plan
          kubectl apply --dry-run=server -f k8s/
          echo "now run kubectl apply -f k8s/ to deploy"
      - uses: ./.github/actions/setup-deploy
""",
    ),
    # tells another repository, but of no deployment; talks about deployments; copies a database
    Sample(
        ".github/workflows/notify.yml",
        """
on: push
jobs:
  notify:
    steps: [{ uses: peter-evans/repository-dispatch@v3, with: { token: "${{ secrets.BOT }}", event-type: docs } }]
""",
    ),
    Sample(
        ".github/workflows/deploy-lock.yml",
        """
name: Deploy Lock
on: workflow_dispatch
jobs:
  lock:
    env: { GH_TOKEN: "${{ secrets.APP_KEY }}" }
    steps: [{ run: gh api --method PUT /repos/acme/shop/rulesets/1 -f enforcement=active }]
""",
    ),
    Sample(
        ".github/workflows/nightly.yml",
        """
on: { schedule: [{ cron: "0 3 * * *" }] }
jobs:
  export:
    steps:
      - uses: appleboy/ssh-action@v1
        with:
          key: ${{ secrets.SSH_KEY }}
          script: docker compose run --rm db pg_dump shop > shop.sql
""",
    ),
)
