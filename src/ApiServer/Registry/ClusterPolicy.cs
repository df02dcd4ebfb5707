using System.Collections.Frozen;
using System.Text.Json.Nodes;

using MiniKube.Api.Errors;
using MiniKube.Api.Meta;
using MiniKube.Api.Serialization;
using MiniKube.ApiServer.Resources.Validation;

namespace MiniKube.ApiServer.Registry;

/// <summary>What the one who runs the server lets pods ask for (upstream's capabilities): by default no container is privileged (<c>--allow-privileged</c>).</summary>
internal sealed class ClusterPolicy(bool allowsPrivileged)
{
    // Where kinds whose templates are validated have the specs of their pods. Upstream leaves a StatefulSet's to the validation of its pods.
    private static readonly FrozenDictionary<(string Group, string Kind), string[]> Specs = new Dictionary<(string, string), string[]>
    {
        [("", "Pod")] = ["spec"],
        [("", "PodTemplate")] = ["template", "spec"],
        [("", "ReplicationController")] = ["spec", "template", "spec"],
        [("apps", "DaemonSet")] = ["spec", "template", "spec"],
        [("apps", "Deployment")] = ["spec", "template", "spec"],
        [("apps", "ReplicaSet")] = ["spec", "template", "spec"],
        [("batch", "CronJob")] = ["spec", "jobTemplate", "spec", "template", "spec"],
        [("batch", "Job")] = ["spec", "template", "spec"],
    }.ToFrozenDictionary();

    /// <summary>What an object asks for against the policy.</summary>
    public IEnumerable<FieldError> FaultsOf(GroupVersionKind kind, JsonObject obj) =>
        !allowsPrivileged && Specs.TryGetValue((kind.Group, kind.Kind), out var path) && obj.At(path) is JsonObject
            ? Field.FaultsOf(obj, root => Spec(path.Aggregate(root, (field, name) => field[name])))
            : [];

    private static void Spec(Field spec)
    {
        var ofPod = spec["securityContext"]["windowsOptions"]["hostProcess"].IsTrue;
        var onHost = false;
        foreach (var container in OperatingSystemChecks.AllContainers(spec))
        {
            var context = container["securityContext"];
            if (context["privileged"].IsTrue)
            {
                context["privileged"].Forbidden("disallowed by cluster policy");
            }

            onHost |= context["windowsOptions"]["hostProcess"].Value.BooleanAt() ?? ofPod;
        }

        if (onHost)
        {
            spec.Forbidden("hostProcess containers are disallowed by cluster policy");
        }
    }
}
