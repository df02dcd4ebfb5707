using System.Text.Json.Nodes;

using MiniKube.Api.Errors;
using MiniKube.Api.Serialization;
using MiniKube.ApiServer.Authentication.ServiceAccounts;
using MiniKube.ApiServer.Authorization.Nodes;

namespace MiniKube.ApiServer.Admission;

/// <summary>
/// What the node authorizer cannot see, because it is in the body: a kubelet changes only its own Node, lease and CSINode, and neither its labels of the system's
/// nor its taints; it makes only mirror pods of its own, changes and ends only pods on it, gets tokens only for them, and
/// asks for certificates only for itself.
/// </summary>
internal sealed class NodeRestriction(TokenObjects objects) : IMutatingAdmission, IValidatingAdmission
{
    public const string Name = "NodeRestriction";
    private const string MirrorAnnotation = "kubernetes.io/config.mirror";

    public ValueTask MutateAsync(AdmissionAttributes attributes, CancellationToken cancellationToken)
    {
        // Tokens and deletions pass only validation.
        if (attributes.Operation is AdmissionOperation.Create or AdmissionOperation.Update)
        {
            Check(attributes);
        }

        return ValueTask.CompletedTask;
    }

    public async ValueTask ValidateAsync(AdmissionAttributes attributes, CancellationToken cancellationToken)
    {
        if (attributes.Operation == AdmissionOperation.Delete)
        {
            Check(attributes);
        }

        var request = attributes.Request;
        if (request is { Subresource: "token", Resource.Name: { Group: "", Resource: "serviceaccounts" } } && NodeIdentity.IsNode(request.User, out var node))
        {
            await CheckTokenAsync(attributes, node, cancellationToken);
        }
    }

    private static void Check(AdmissionAttributes attributes)
    {
        var request = attributes.Request;
        if (!NodeIdentity.IsNode(request.User, out var node))
        {
            return;
        }

        var why = (request.Resource.Name.Group, request.Resource.Name.Resource, request.Subresource) switch
        {
            ("", "pods", "") => Pod(attributes, node),
            ("", "pods", "status") => PodStatus(attributes, node),
            ("", "pods", "eviction") => OnNode(attributes.Old, node, "evict pods"),
            ("", "nodes", _) => NodeRules.Judge(attributes, node),
            ("coordination.k8s.io", "leases", "") => Own(attributes, node, "lease"),
            ("storage.k8s.io", "csinodes", "") => Own(attributes, node, "CSINode"),
            ("certificates.k8s.io", "certificatesigningrequests", "") => CertificateRequest(attributes),
            _ => null,
        };
        if (why is not null)
        {
            throw StatusException.Forbidden(request.Resource.Name, request.Name, why);
        }
    }

    private static string? Pod(AdmissionAttributes attributes, string node) => attributes.Operation switch
    {
        AdmissionOperation.Create => MirrorPod(attributes.Object ?? [], node),
        AdmissionOperation.Delete => OnNode(attributes.Old, node, "delete pods"),
        _ => $"unexpected operation {attributes.Operation.ToString().ToUpperInvariant()}, node {GoText.Quote(node)} can only create and delete mirror pods",
    };

    private static string? MirrorPod(JsonObject pod, string node)
    {
        var references = PodReferences.Of(pod, isMirror: false);
        var cannot = $"node {GoText.Quote(node)} can not create pods that reference";
        return pod switch
        {
            _ when pod.At("metadata", "annotations", MirrorAnnotation) is null =>
                $"pod does not have {GoText.Quote(MirrorAnnotation)} annotation, node {GoText.Quote(node)} can only create mirror pods",
            _ when pod.StringAt("spec", "nodeName") != node => $"node {GoText.Quote(node)} can only create pods with spec.nodeName set to itself",
            _ when pod.ObjectsAt("metadata", "ownerReferences").FirstOrDefault() is not { } owner || owner.StringAt("kind") != "Node" || owner.StringAt("name") != node =>
                $"node {GoText.Quote(node)} can only create pods with an owner reference set to itself",
            _ when !string.IsNullOrEmpty(pod.StringAt("spec", "serviceAccountName")) => $"{cannot} a service account",
            _ when references.Secrets.Count > 0 => $"{cannot} secrets",
            _ when references.ConfigMaps.Count > 0 => $"{cannot} configmaps",
            _ when references.Claims.Count > 0 => $"{cannot} persistentvolumeclaims",
            _ when references.ResourceClaims.Count > 0 => $"{cannot} resourceclaims",
            _ => null,
        };
    }

    private static string? PodStatus(AdmissionAttributes attributes, string node) =>
        OnNode(attributes.Old, node, "update pod status for pods")
        ?? (JsonNode.DeepEquals(attributes.Object.At("metadata", "labels"), attributes.Old.At("metadata", "labels"))
            ? null
            : $"node {GoText.Quote(node)} cannot update labels through pod status");

    private static string? CertificateRequest(AdmissionAttributes attributes)
    {
        var user = attributes.Request.User.Name;
        return attributes.Object.StringAt("spec", "signerName") is not ("kubernetes.io/kubelet-serving" or "kubernetes.io/kube-apiserver-client-kubelet")
            || RequestedSubject.Of(attributes.Object ?? [])?.CommonName == user
            ? null
            : $"can only create a node CSR with CN={user}";
    }

    private static string? OnNode(JsonObject? pod, string node, string what) =>
        pod.StringAt("spec", "nodeName") == node ? null : $"node {GoText.Quote(node)} can only {what} with spec.nodeName set to itself";

    private static string? Own(AdmissionAttributes attributes, string node, string what) =>
        attributes.Request.Name == node ? null : $"can only access {what} with the same name as the requesting node";

    private async ValueTask CheckTokenAsync(AdmissionAttributes attributes, string node, CancellationToken cancellationToken)
    {
        var request = attributes.Request;
        var reference = attributes.Object.ObjectAt("spec", "boundObjectRef");
        string? why = null;
        if (reference.StringAt("kind") != "Pod" || reference.StringAt("name") is not { Length: > 0 } name)
        {
            why = "node requested token not bound to a pod";
        }
        else if (string.IsNullOrEmpty(reference.StringAt("uid")))
        {
            why = "node requested token with a pod binding without a uid";
        }
        else if (await objects.PodAsync(request.Namespace, name, cancellationToken) is not { } pod)
        {
            throw StatusException.NotFound(new("", "v1", "pods"), name);
        }
        else if (reference.StringAt("uid") != CachedIdentity.Of(pod).Uid)
        {
            why = $"the UID in the bound object reference ({reference.StringAt("uid")}) does not match the UID in record ({CachedIdentity.Of(pod).Uid}). The object might have been deleted and then recreated";
        }
        else if (pod.Field("spec.nodeName") != node)
        {
            why = "node requested token bound to a pod scheduled on a different node";
        }

        if (why is not null)
        {
            throw StatusException.Forbidden(request.Resource.Name, request.Name, why);
        }
    }
}
