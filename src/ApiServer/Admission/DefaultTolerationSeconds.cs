using System.Text.Json.Nodes;

using MiniKube.Api.Meta;
using MiniKube.Api.Serialization;

namespace MiniKube.ApiServer.Admission;

/// <summary>A pod that says nothing of nodes that fail stays five minutes on one before it is evicted.</summary>
internal sealed class DefaultTolerationSeconds : IMutatingAdmission
{
    public const string Name = "DefaultTolerationSeconds";

    private const int Seconds = 300;
    private static readonly GroupVersionKind Pod = new("", "v1", "Pod");
    private static readonly string[] Taints = ["node.kubernetes.io/not-ready", "node.kubernetes.io/unreachable"];

    public ValueTask MutateAsync(AdmissionAttributes attributes, CancellationToken cancellationToken)
    {
        if (attributes is { Object: { } pod, Request.Subresource: "" } && attributes.Request.Resource.Kind == Pod)
        {
            Add(pod.GetOrAddObject("spec"));
        }

        return ValueTask.CompletedTask;
    }

    private static void Add(JsonObject spec)
    {
        foreach (var taint in Taints)
        {
            if (spec.ObjectsAt("tolerations").Any(toleration => Tolerates(toleration, taint)))
            {
                continue;
            }

            if (spec["tolerations"] is not JsonArray tolerations)
            {
                spec["tolerations"] = tolerations = [];
            }

            tolerations.Add((JsonNode)new JsonObject
            {
                ["key"] = taint,
                ["operator"] = "Exists",
                ["effect"] = "NoExecute",
                ["tolerationSeconds"] = Seconds,
            });
        }
    }

    private static bool Tolerates(JsonObject toleration, string taint) =>
        toleration.StringAt("key") is not { Length: > 0 } key
            ? toleration.StringAt("effect") is null or "" or "NoExecute"
            : key == taint && toleration.StringAt("effect") is (null or "" or "NoExecute");
}
