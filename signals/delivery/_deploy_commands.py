"""Commands and ready-made actions that change what runs somewhere, by the kind of target.

Only what acts on something that stays: a plan, a dry run, a template printed, a page or a package published is none.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from signals.match import LinePattern

KUBERNETES = "a Kubernetes cluster"
INFRASTRUCTURE = "infrastructure described as code"
CONTAINERS = "a container service"
FUNCTIONS = "cloud functions"
PLATFORM = "an application platform"
SERVER = "servers reached over SSH"
MODEL = "a model serving service"
ELSEWHERE = "an environment that another repository deploys"
OWN = "a target that the project's own deploy script knows"

_SAME = r"[^|;&#]*?"  # within the same command
_ROLL_OUT = r"(?:apply|replace|patch|set\s+image|set\s+env|rollout\s+(?:restart|undo))"
_NOT_REMOTE = r"(?![^|;&#]*(?:https?://|--dry-run))"
_PUT = r"(?:deploy|update|replace)"

# The literal that must stand in the line, the kind of target, and what follows.
_COMMANDS: tuple[tuple[str, str, LinePattern], ...] = tuple(
    (literal, kind, LinePattern(pattern, literal))
    for literal, kind, pattern in (
        ("kubectl", KUBERNETES, rf"\bkubectl\b{_SAME}\s{_ROLL_OUT}\b{_NOT_REMOTE}"),
        ("oc ", KUBERNETES, rf"\boc\b{_SAME}\s{_ROLL_OUT}\b{_NOT_REMOTE}"),
        ("helm", KUBERNETES, rf"\bhelm\b{_SAME}\s(?:upgrade|install)\b(?![^#]*--dry-run)"),
        ("helmfile", KUBERNETES, rf"\bhelmfile\b{_SAME}\s(?:apply|sync)\b"),
        ("argocd", KUBERNETES, r"\bargocd\s+app\s+(?:sync|set)\b"),
        ("flux", KUBERNETES, r"\bflux\s+reconcile\b"),
        ("skaffold", KUBERNETES, r"\bskaffold\s+(?:run|deploy)\b"),
        ("werf", KUBERNETES, r"\bwerf\s+converge\b"),
        ("kapp", KUBERNETES, r"\bkapp\s+deploy\b"),
        ("gke-deploy", KUBERNETES, r"\bgke-deploy\s+(?:run|apply)\b"),
        ("gcloud", KUBERNETES, r"\bgcloud\s+deploy\s+releases\s+create\b"),
        ("nomad", CONTAINERS, r"\bnomad\s+(?:job\s+)?run\b"),
        ("docker", CONTAINERS, r"\bdocker\s+stack\s+deploy\b"),
        ("ecs", CONTAINERS, r"\baws\s+ecs\s+(?:update-service|deploy)\b|\becs-deploy\b"),
        ("copilot", CONTAINERS, r"\bcopilot\s+(?:svc\s+)?deploy\b"),
        ("gcloud", CONTAINERS, rf"\bgcloud\b{_SAME}\srun\s+(?:(?:worker-pools|services|jobs)\s+)?{_PUT}\b"),
        ("gcloud", CONTAINERS, rf"\bgcloud\b{_SAME}\s(?:rolling-action\s+\w|update-container)"),
        ("az ", CONTAINERS, r"\baz\s+(?:containerapp|container)\s+(?:update|up|create)\b"),
        ("apply", INFRASTRUCTURE, rf"\b(?:terraform|terragrunt|tofu)\b{_SAME}\sapply\b"),
        ("pulumi", INFRASTRUCTURE, rf"\bpulumi\b{_SAME}\sup\b"),
        ("cdk", INFRASTRUCTURE, r"\bcdk\s+deploy\b"),
        ("ansible-playbook", INFRASTRUCTURE, r"\bansible-playbook\b(?![^#]*--(?:check|syntax-check))"),
        ("cloudformation", INFRASTRUCTURE, r"\baws\s+cloudformation\s+(?:deploy|update-stack|create-stack)\b"),
        ("lambda", FUNCTIONS, r"\baws\s+lambda\s+update-function-code\b"),
        ("sam ", FUNCTIONS, r"\bsam\s+deploy\b"),
        ("chalice", FUNCTIONS, r"\bchalice\s+deploy\b"),
        ("functions", FUNCTIONS, rf"\b(?:gcloud|supabase)\b{_SAME}\sfunctions\s+deploy\b"),
        ("functionapp", FUNCTIONS, r"\baz\s+functionapp\s+deploy"),
        ("deploy", FUNCTIONS, r"\b(?:serverless|sls|zappa|wrangler)\s+deploy\b"),
        ("zappa", FUNCTIONS, r"\bzappa\s+update\b"),
        ("gcloud", PLATFORM, rf"\bgcloud\b{_SAME}\sapp\s+deploy\b"),
        ("webapp", PLATFORM, r"\baz\s+webapp\s+(?:deploy|up|config\s+container)\b"),
        ("fly", PLATFORM, r"\b(?:flyctl|fly)\s+deploy\b"),
        ("railway", PLATFORM, r"\brailway\s+up\b"),
        ("eb ", PLATFORM, r"\beb\s+deploy\b"),
        ("vercel", PLATFORM, rf"\bvercel\b{_SAME}(?:--prod\b|\spromote\b)"),
        ("cf ", PLATFORM, r"\bcf\s+(?:push|v3-push|zero-downtime-push)\b"),
        ("heroku", PLATFORM, rf"\bheroku\s+container:release\b|\bgit\s+push\b{_SAME}\bheroku\b"),
        ("dokku", PLATFORM, rf"\bgit\s+push\b{_SAME}\bdokku\b"),
        ("curl", PLATFORM, r"\bcurl\b[^#]*?(?:api\.render\.com/(?:v1/services|deploy)|_DEPLOY_HOOK)"),
        ("clever", PLATFORM, r"\bclever\s+deploy\b"),
        ("deploy", PLATFORM, r"\b(?:scalingo|convox|aptible|koyeb|northflank)\s+(?:\w+\s+)?deploy\b"),
        ("deploy", MODEL, r"\b(?:cerebrium|beam)\s+deploy\b"),
        ("truss", MODEL, r"\btruss\s+push\b"),
        ("sky ", MODEL, r"\bsky\s+serve\s+(?:up|update)\b"),
        ("modal", MODEL, r"\bmodal\s+deploy\b"),
        ("databricks", MODEL, r"\bdatabricks\s+bundle\s+deploy\b"),
        ("bentoml", MODEL, r"\bbentoml\s+(?:deploy|deployment)\b"),
        ("sagemaker", MODEL, r"\baws\s+sagemaker\s+(?:create|update)-endpoint\b"),
        ("deploy-model", MODEL, rf"\bgcloud\b{_SAME}\sendpoints\s+deploy-model\b"),
        ("ssh", SERVER, r"\bssh\b[^#]*?\s[^#]*?(?:docker|compose|systemctl|supervisorctl|pm2|deploy|git pull)\b"),
        ("kamal", SERVER, r"\bkamal\s+(?:deploy|redeploy)\b"),
        ("cap ", SERVER, r"\bcap\s+\w+\s+deploy\b"),
    )
)

_OWN_COMMANDS: tuple[LinePattern, ...] = (
    LinePattern(
        r"(?:^|[\s;&|(\"'/])[\w.-]*(?:deploy|rollout|terraform-apply)[\w.-]*\.(?:sh|py|ts|js|rb|bash)\b",
        "deploy",
        "rollout",
        "apply",
    ),
    LinePattern(r"(?:^|[\s;&|(])\./(?:[\w./-]*/)?deploy(?:[\s\"']|$)", "deploy"),
    LinePattern(r"\bmake\b[^|;&#]*?\s[\w.-]*deploy[\w.-]*", "make"),
    LinePattern(r"\b(?:npm|pnpm|yarn|bun)\s+(?:run\s+)?[\w:.-]*deploy[\w:.-]*", "deploy"),
    LinePattern(r"\b(?:just|task|invoke|inv|fab|mage|rake|nx|deployer)\s+[\w:.-]*deploy[\w:.-]*", "deploy"),
)
_REMOTE_SCRIPT = LinePattern(
    r"\b(?:docker|docker-compose|podman)\b[^#]*?\b(?:up|pull|run|restart)\b|\bsystemctl\b|\bpm2\b|\bsupervisorctl\b"
    r"|\bgit\b[^#]*?\b(?:pull|checkout|fetch|reset)\b|\bmake\s|deploy|\bkubectl\b|\brestart\b"
)
_COMPOSE_UP = LinePattern(r"\bdocker(?:-|\s+)compose\b[^|;&#]*?\s(?:up|pull|restart)\b", "compose")

_ACTIONS: tuple[tuple[str, re.Pattern[str]], ...] = tuple(
    (kind, re.compile("|".join(names.split())))
    for kind, names in {
        CONTAINERS: r"""aws-actions/amazon-ecs-deploy-task-definition google-github-actions/deploy-cloudrun
            azure/aci-deploy azure/container-apps-deploy-action AzureContainerApps@
            aws-ecs/(?:deploy|update) gcp-cloud-run/deploy""",
        FUNCTIONS: r"""google-github-actions/deploy-cloud-functions aws-actions/aws-lambda-deploy azure/functions-action
            cloudflare/wrangler-action AzureFunctionApp@ appleboy/lambda-action serverless/github-action""",
        PLATFORM: r"""google-github-actions/deploy-appengine azure/webapps-deploy AzureWebApp@ AzureRmWebAppDeployment@
            \w+/heroku-deploy heroku/deploy \w+/beanstalk-deploy \w+/render-deploy-action digitalocean/app_action
            amondnet/vercel-action dokku/github-action cloud-gov/cg-cli-tools \w+/vercel-deploy""",
        KUBERNETES: r"""azure/k8s-deploy HelmDeploy@ KubernetesManifest@
            google-github-actions/create-cloud-deploy-release deliverybot/helm
            koslib/helm-eks-action helm/install-helm-chart""",
        INFRASTRUCTURE: r"""aws-actions/aws-cloudformation-github-deploy dflook/terraform-apply
            dawidd6/action-ansible-playbook""",
        SERVER: r"easingthemes/ssh-deploy burnett01/rsync-deployments \w+/docker-remote-deployment-action",
    }.items()
)
_SSH_ACTION = re.compile(r"[\w-]+/ssh-(?:remote-commands|action)\b|fifsky/ssh-action|garygrossgarten/github-action-ssh")
_HAND_OVER_ACTION = re.compile(
    r"(?:[\w-]+/)(?:github-action-)?(?:workflow-dispatch|repository-dispatch|trigger-workflow-and-wait|trigger-github-workflow)@"
)
_HAND_OVER = LinePattern(
    r"api\.github\.com/repos/[^\s\"']+/dispatches|secrets\.\w*(?:DEPLOY|DISPATCH)\w*URL|/update-image-tag\b",
    "dispatches",
    "URL",
    "update-image-tag",
)
_LOCAL_DEPLOY = re.compile(r"^\./[\w./-]*(?:deploy|rollout|promote)[\w.-]*", re.IGNORECASE)
_NO_COMMAND = re.compile(r"^\s*(?:-\s+)?(?:run:\s*)?(?:#|//|echo\b|printf\b|::|-?\s*name:|description:)")
THROWAWAY = re.compile(
    r"\bkind create cluster|\bminikube\s+start|\bk3d cluster create|\bctlptl create|\bvcluster create|\bmicrok8s"
    r"|helm/kind-action|setup-kind\b|kubernetes-sigs/kind|setup-minikube|minikube-setup|action-k3s|k3d-action|k3s-action"
    r"|\bk3s\b.*install|\blocalstack\b|\bct install\b|\bchart-testing"
    r"|\b(?:terraform|terragrunt|tofu)\s[^|;&#]*?destroy\b|\bpulumi\s+destroy"
)
_PLACE = re.compile(
    r"setup|prepare|notice|plan|page|docs?\b|documentation|storybook|npm|pypi|crates|chromatic|nuget", re.IGNORECASE
)


def command_kind(line: str) -> str:
    """The kind of target a command line deploys to, or ""."""
    if _NO_COMMAND.match(line):
        return ""
    return next((kind for literal, kind, pattern in _COMMANDS if literal in line and pattern.search(line)), "")


def is_own_deploy(line: str) -> bool:
    """Whether the line runs a deploy script or target of the project's own (not one for documents or packages)."""
    if _NO_COMMAND.match(line):
        return False
    found = next((m for pattern in _OWN_COMMANDS if (m := pattern.search(line))), None)
    return found is not None and _PLACE.search(found.group()) is None and "--dry-run" not in line


def is_compose_up(line: str) -> bool:
    """Whether the line starts services with Compose, which on a project's own runner is a deployment."""
    return not _NO_COMMAND.match(line) and _COMPOSE_UP.search(line) is not None


def action_kind(uses: str) -> str:
    """The kind of target a ready-made action deploys to, or ""."""
    return next((kind for kind, pattern in _ACTIONS if pattern.match(uses)), "")


def is_ssh_action(uses: str) -> bool:
    """Whether the action runs commands on a server."""
    return _SSH_ACTION.match(uses) is not None


def is_remote_restart(line: str) -> bool:
    """Whether a line run on a server brings something new to run there."""
    return not _NO_COMMAND.match(line) and _REMOTE_SCRIPT.search(line) is not None


def hands_over(uses: str, lines: Iterable[str]) -> bool:
    """Whether a step asks another repository or service to go on, as where manifests live apart from the code."""
    return _HAND_OVER_ACTION.match(uses) is not None or any(
        not _NO_COMMAND.match(line) and _HAND_OVER.search(line) for line in lines
    )


def is_local_deploy(uses: str) -> bool:
    """Whether ``uses`` names a deploying action or workflow of the repository's own."""
    return _LOCAL_DEPLOY.match(uses) is not None and _PLACE.search(uses) is None
