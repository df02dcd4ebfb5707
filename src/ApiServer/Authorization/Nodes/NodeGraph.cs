using System.Text.Json.Nodes;

using MiniKube.Api.Serialization;
using MiniKube.ApiServer.Registry;
using MiniKube.ApiServer.WatchCache;

namespace MiniKube.ApiServer.Authorization.Nodes;

/// <summary>
/// Whether an object belongs to a node: because a pod on the node refers to it, or itself. Computed from the watch cache's index of pods by node when it is
/// asked: a node has some hundred pods at most, and what each refers to is read once a version, so there is no graph to keep in step.
/// </summary>
internal sealed class NodeGraph(Cacher pods, Cacher claims, Cacher volumes, Cacher attachments, Cacher slices)
{
    public bool HasPod(string node, string @namespace, string name) =>
        pods.Snapshot.Objects.Find($"{@namespace}/{name}")?.Field("spec.nodeName") == node;

    public bool NeedsSecret(string node, string @namespace, string name) =>
        AnyPod(node, @namespace, references => references.Secrets.Contains(name))
        || AnyVolume(node, volume => ReferencesSecret(volume["spec"], @namespace, name));

    public bool NeedsConfigMap(string node, string @namespace, string name) =>
        AnyPod(node, @namespace, references => references.ConfigMaps.Contains(name));

    public bool NeedsClaim(string node, string @namespace, string name) => AnyPod(node, @namespace, references => references.Claims.Contains(name));

    public bool NeedsResourceClaim(string node, string @namespace, string name) =>
        AnyPod(node, @namespace, references => references.ResourceClaims.Contains(name));

    public bool RunsAs(string node, string @namespace, string serviceAccount) =>
        AnyPod(node, @namespace, references => references.ServiceAccount == serviceAccount);

    public bool NeedsVolume(string node, string name) => AnyVolume(node, volume => volume.StringAt("metadata", "name") == name);

    public bool HasAttachment(string node, string name) => IsOnNode(attachments, name, node);

    public bool HasSlice(string node, string name) => IsOnNode(slices, name, node);

    private static bool IsOnNode(Cacher cacher, string name, string node) =>
        cacher.Snapshot.Objects.Find(name) is { } found && ObjectCodec.Parse(found.Json.Span).StringAt("spec", "nodeName") == node;

    private bool AnyPod(string node, string @namespace, Func<PodReferences, bool> matches)
    {
        var isFound = false;
        var prefix = $"{node}/{@namespace}/";
        pods.Snapshot.Index.VisitPrefix(prefix, prefix, pod =>
        {
            isFound = matches(PodReferences.Of(pod));
            return !isFound;
        });
        return isFound;
    }

    /// <summary>Whether one of the volumes that the claims of the node's pods are bound to matches.</summary>
    private bool AnyVolume(string node, Func<JsonObject, bool> matches)
    {
        var isFound = false;
        var prefix = $"{node}/";
        pods.Snapshot.Index.VisitPrefix(prefix, prefix, pod =>
        {
            isFound = PodReferences.Of(pod).Claims.Any(claim => VolumeOf($"{pod.Namespace}/{claim}") is { } volume && matches(volume));
            return !isFound;
        });
        return isFound;
    }

    private JsonObject? VolumeOf(string claimKey)
    {
        if (claims.Snapshot.Objects.Find(claimKey) is not { } claim
            || ObjectCodec.Parse(claim.Json.Span).StringAt("spec", "volumeName") is not { Length: > 0 } name
            || volumes.Snapshot.Objects.Find(name) is not { } found)
        {
            return null;
        }

        // Both must name each other: a claim alone may name any volume.
        var volume = ObjectCodec.Parse(found.Json.Span);
        return $"{volume.StringAt("spec", "claimRef", "namespace")}/{volume.StringAt("spec", "claimRef", "name")}" == claimKey ? volume : null;
    }

    private static bool ReferencesSecret(JsonNode? node, string @namespace, string name) => node is JsonObject obj && obj.Any(field =>
        field.Key.EndsWith("SecretRef", StringComparison.OrdinalIgnoreCase)
            ? field.Value.StringAt("name") == name && (field.Value.StringAt("namespace") ?? @namespace) == @namespace
            : ReferencesSecret(field.Value, @namespace, name));
}
