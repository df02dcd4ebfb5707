using MiniKube.ApiServer.Authentication;
using MiniKube.ApiServer.Authorization.Rbac;
using MiniKube.ApiServer.Filters;
using MiniKube.ApiServer.Registry;

namespace MiniKube.ApiServer.Authorization.Nodes;

/// <summary>
/// <c>--authorization-mode=Node</c>: what kubelets may do. Of secrets, config maps, claims and tokens they get only what the pods on their node need; of
/// nodes, leases and CSINodes only their own; of all else what upstream's role system:node says. The admission plugin NodeRestriction does the rest.
/// </summary>
internal sealed class NodeAuthorizer(NodeGraph graph, IReadOnlyList<PolicyRule> nodeRules) : IAuthorizer
{
    private const string LeaseNamespace = "kube-node-lease";

    public static NodeAuthorizer Of(ResourceCatalog catalog) => new(
        new NodeGraph(
            catalog.Get("", "v1", "pods").Cacher,
            catalog.Get("", "v1", "persistentvolumeclaims").Cacher,
            catalog.Get("", "v1", "persistentvolumes").Cacher,
            catalog.Get("storage.k8s.io", "v1", "volumeattachments").Cacher,
            catalog.Get("resource.k8s.io", "v1", "resourceslices").Cacher),
        BootstrapPolicy.RulesOf("system:node"));

    public ValueTask<Decision> AuthorizeAsync(UserInfo user, RequestInfo request, CancellationToken cancellationToken)
    {
        if (!NodeIdentity.IsNode(user, out var node))
        {
            return ValueTask.FromResult(Decision.Denied);
        }

        return ValueTask.FromResult(
            node.Length == 0 ? No($"unknown node for user \"{user.Name}\"") : Authorize(node, request) ?? ByRules(request));
    }

    /// <summary>Null where the rules for all nodes decide.</summary>
    private Decision? Authorize(string node, RequestInfo request) => !request.IsResourceRequest ? null : (request.Group, request.Resource) switch
    {
        ("", "secrets") => Read(request, () => graph.NeedsSecret(node, request.Namespace, request.ObjectName), node),
        ("", "configmaps") => Read(request, () => graph.NeedsConfigMap(node, request.Namespace, request.ObjectName), node),
        ("", "persistentvolumeclaims") when request.Subresource == "status" => ClaimStatus(node, request),
        ("", "persistentvolumeclaims") => Get(request, () => graph.NeedsClaim(node, request.Namespace, request.Name), node),
        ("", "persistentvolumes") => Get(request, () => graph.NeedsVolume(node, request.Name), node),
        ("", "serviceaccounts") => ServiceAccount(node, request),
        ("", "nodes") => Node(node, request),
        ("", "pods") => Pod(node, request),
        ("resource.k8s.io", "resourceclaims") => Get(request, () => graph.NeedsResourceClaim(node, request.Namespace, request.Name), node),
        ("resource.k8s.io", "resourceslices") => Slice(node, request),
        ("storage.k8s.io", "volumeattachments") => Get(request, () => graph.HasAttachment(node, request.Name), node),
        ("storage.k8s.io", "csinodes") => CsiNode(node, request),
        ("coordination.k8s.io", "leases") => Lease(node, request),
        _ => null,
    };

    private Decision ByRules(RequestInfo request) => nodeRules.Any(rule => rule.Allows(request)) ? Decision.Allowed : Decision.Denied;

    private static Decision No(string reason) => new(false, reason);

    private static Decision Related(bool isRelated, string node) =>
        isRelated ? Decision.Allowed : No($"no relationship found between node '{node}' and this object");

    private static Decision Read(RequestInfo request, Func<bool> isRelated, string node) => request switch
    {
        { Verb: not ("get" or "list" or "watch") } => No("can only read resources of this type"),
        { Subresource.Length: > 0 } => No("cannot read subresource"),
        { Namespace: "" } => No("can only read namespaced object of this type"),
        { ObjectName: "" } => No("No Object name found"),
        _ => Related(isRelated(), node),
    };

    private static Decision Get(RequestInfo request, Func<bool> isRelated, string node) => request switch
    {
        { Verb: not "get" } => No("can only get individual resources of this type"),
        { Subresource.Length: > 0 } => No("cannot get subresource"),
        { Name: "" } => No("No Object name found"),
        _ => Related(isRelated(), node),
    };

    private Decision ClaimStatus(string node, RequestInfo request) => request switch
    {
        { Verb: not ("update" or "patch") } => No("can only update status of this type"),
        { Name: "" } => No("No Object name found"),
        _ => Related(graph.NeedsClaim(node, request.Namespace, request.Name), node),
    };

    private Decision ServiceAccount(string node, RequestInfo request) => request switch
    {
        { Verb: "get", Subresource: "", Name.Length: > 0 } => Related(graph.RunsAs(node, request.Namespace, request.Name), node),
        { Verb: not "create" } or { Name: "" } => No("can only create tokens for individual service accounts"),
        { Subresource: not "token" } => No("can only create token subresource of service account"),
        _ => Related(graph.RunsAs(node, request.Namespace, request.Name), node),
    };

    private static Decision? Node(string node, RequestInfo request) => request switch
    {
        { Subresource: "", Verb: "create" or "update" or "patch" } => Decision.Allowed,
        { Subresource: "", Verb: "get" or "list" or "watch" } when request.ObjectName == node => Decision.Allowed,
        { Subresource: "", Verb: "get" or "list" or "watch", ObjectName: "" } => No($"node '{node}' cannot read all nodes, only its own Node object"),
        { Subresource: "", Verb: "get" or "list" or "watch" } => No($"node '{node}' cannot read '{request.ObjectName}', only its own Node object"),
        { Subresource: "status", Verb: "update" or "patch" } => Decision.Allowed,
        _ => null,
    };

    private Decision? Pod(string node, RequestInfo request) => request switch
    {
        { Subresource: "", Verb: "get" } => Get(request, () => graph.HasPod(node, request.Namespace, request.Name), node),
        { Subresource: "", Verb: "list" or "watch" } => request.FieldSelector.RequiredValue("spec.nodeName") == node
            ? Decision.Allowed
            : No("can only list/watch pods with spec.nodeName field selector"),
        _ => null,
    };

    private Decision Slice(string node, RequestInfo request) => request switch
    {
        { Subresource.Length: > 0 } => No("cannot authorize ResourceSlice subresources"),
        { Verb: "create" } => Decision.Allowed,
        { Verb: "get" or "update" or "patch" or "delete" } => Related(graph.HasSlice(node, request.Name), node),
        { Verb: "list" or "watch" or "deletecollection" } when request.FieldSelector.RequiredValue("spec.nodeName") == node => Decision.Allowed,
        { Verb: "list" or "watch" or "deletecollection" } => No("can only list/watch/deletecollection resourceslices with nodeName field selector"),
        _ => No("only the following verbs are allowed for a ResourceSlice: get, watch, list, create, update, patch, delete, deletecollection"),
    };

    private static Decision CsiNode(string node, RequestInfo request) => request switch
    {
        { Verb: not ("get" or "create" or "update" or "patch" or "delete") } => No("can only get, create, update, patch, or delete a CSINode"),
        { Subresource.Length: > 0 } => No("cannot authorize CSINode subresources"),
        { Verb: not "create" } when request.Name != node => No("can only access CSINode with the same name as the requesting node"),
        _ => Decision.Allowed,
    };

    private static Decision Lease(string node, RequestInfo request) => request switch
    {
        { Verb: not ("get" or "create" or "update" or "patch" or "delete") } => No("can only get, create, update, patch, or delete a node lease"),
        { Namespace: not LeaseNamespace } => No($"can only access leases in the \"{LeaseNamespace}\" system namespace"),

        // Of a create the name is in the body: NodeRestriction reads it.
        { Verb: not "create" } when request.Name != node => No("can only access node lease with the same name as the requesting node"),
        _ => Decision.Allowed,
    };
}
