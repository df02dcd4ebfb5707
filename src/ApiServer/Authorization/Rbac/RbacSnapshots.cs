using MiniKube.ApiServer.WatchCache;

namespace MiniKube.ApiServer.Authorization.Rbac;

/// <summary>The states of the four kinds that a policy is made of. Two are equal when they are the same states.</summary>
internal readonly record struct RbacSnapshots(
    CacheSnapshot ClusterRoles, CacheSnapshot ClusterRoleBindings, CacheSnapshot Roles, CacheSnapshot RoleBindings)
{
    public bool Equals(RbacSnapshots other) =>
        ReferenceEquals(ClusterRoles, other.ClusterRoles)
        && ReferenceEquals(ClusterRoleBindings, other.ClusterRoleBindings)
        && ReferenceEquals(Roles, other.Roles)
        && ReferenceEquals(RoleBindings, other.RoleBindings);

    public override int GetHashCode() => HashCode.Combine(ClusterRoles.Revision, ClusterRoleBindings.Revision, Roles.Revision, RoleBindings.Revision);
}
