using MiniKube.ApiServer.Registry;
using MiniKube.ApiServer.WatchCache;

namespace MiniKube.ApiServer.Authorization.Rbac;

/// <summary>The newest policy that the watch cache holds: made anew only when a role or a binding has changed.</summary>
internal sealed class RbacPolicySource(Cacher clusterRoles, Cacher clusterRoleBindings, Cacher roles, Cacher roleBindings)
{
    private volatile RbacPolicy? _policy;

    public static RbacPolicySource Of(ResourceCatalog catalog)
    {
        Cacher Cacher(string resource) => catalog.Get(RoleReference.Group, "v1", resource).Cacher;
        return new RbacPolicySource(Cacher("clusterroles"), Cacher("clusterrolebindings"), Cacher("roles"), Cacher("rolebindings"));
    }

    public RbacPolicy Current
    {
        get
        {
            var snapshots = new RbacSnapshots(clusterRoles.Snapshot, clusterRoleBindings.Snapshot, roles.Snapshot, roleBindings.Snapshot);
            var policy = _policy;
            if (policy is null || !policy.IsOf(snapshots))
            {
                // Two requests may both make it: they make the same.
                _policy = policy = new RbacPolicy(snapshots, policy);
            }

            return policy;
        }
    }
}
