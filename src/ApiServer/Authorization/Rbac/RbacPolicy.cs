using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using System.Text.Json.Nodes;

using MiniKube.Api.Errors;
using MiniKube.Api.Serialization;
using MiniKube.ApiServer.Authentication;
using MiniKube.ApiServer.Registry;
using MiniKube.ApiServer.WatchCache;

namespace MiniKube.ApiServer.Authorization.Rbac;

/// <summary>
/// The roles and bindings of one moment, as an index by subject. Immutable but for what it computes when first asked: the bindings of a namespace. What a
/// role or binding says is read once an object version, whatever else changes around it.
/// </summary>
internal sealed class RbacPolicy
{
    private static readonly ConditionalWeakTable<CachedObject, IReadOnlyList<PolicyRule>> RulesOfRoles = [];
    private static readonly ConditionalWeakTable<CachedObject, JsonObject> Bindings = [];

    private readonly RbacSnapshots _snapshots;
    private readonly SubjectGrants _cluster;
    private readonly ConcurrentDictionary<string, SubjectGrants> _namespaces = new(StringComparer.Ordinal);

    public RbacPolicy(RbacSnapshots snapshots, RbacPolicy? previous)
    {
        _snapshots = snapshots;
        _cluster = previous is not null
            && ReferenceEquals(previous._snapshots.ClusterRoles, snapshots.ClusterRoles)
            && ReferenceEquals(previous._snapshots.ClusterRoleBindings, snapshots.ClusterRoleBindings)
            ? previous._cluster
            : Index(snapshots.ClusterRoleBindings, "");
    }

    public bool IsOf(RbacSnapshots snapshots) => _snapshots == snapshots;

    /// <summary>Visits what a user has in a namespace (empty: in the whole cluster), until the visitor returns false.</summary>
    public void Visit<TState>(UserInfo user, string @namespace, TState state, Func<TState, Grant, bool> visit)
    {
        if (_cluster.Visit(user, state, visit) && @namespace.Length > 0)
        {
            InNamespace(@namespace).Visit(user, state, visit);
        }
    }

    /// <summary>All rules that a user has in a namespace, and why there may be more.</summary>
    public (IReadOnlyList<PolicyRule> Rules, IReadOnlyList<string> Errors) RulesOf(UserInfo user, string @namespace)
    {
        var found = (Rules: new List<PolicyRule>(), Errors: new List<string>());
        Visit(user, @namespace, found, static (found, grant) =>
        {
            found.Rules.AddRange(grant.Rules);
            if (grant.Error.Length > 0)
            {
                found.Errors.Add(grant.Error);
            }

            return true;
        });
        return found;
    }

    /// <summary>The rules of a role; null if there is none.</summary>
    public IReadOnlyList<PolicyRule>? Rules(RoleReference role, string @namespace)
    {
        var found = role.IsClusterRole
            ? _snapshots.ClusterRoles.Objects.Find(role.Name)
            : _snapshots.Roles.Objects.Find($"{@namespace}/{role.Name}");
        return found is null ? null : RulesOfRoles.GetValue(found, static obj => PolicyRule.ParseAll(ObjectCodec.Parse(obj.Json.Span)));
    }

    private SubjectGrants InNamespace(string @namespace)
    {
        if (_namespaces.TryGetValue(@namespace, out var grants))
        {
            return grants;
        }

        // Namespaces without bindings are not kept: the names that clients think of are without end.
        grants = Index(_snapshots.RoleBindings, @namespace);
        return grants.IsEmpty ? SubjectGrants.None : _namespaces.GetOrAdd(@namespace, grants);
    }

    private SubjectGrants Index(CacheSnapshot bindings, string @namespace)
    {
        var grants = new SubjectGrants();
        var prefix = @namespace.Length == 0 ? "" : @namespace + "/";
        bindings.Objects.VisitPrefix(prefix, prefix, binding =>
        {
            Add(grants, binding, @namespace);
            return true;
        });
        return grants;
    }

    private void Add(SubjectGrants grants, CachedObject cached, string @namespace)
    {
        var binding = Bindings.GetValue(cached, static obj => ObjectCodec.Parse(obj.Json.Span));
        var role = RoleReference.Of(binding);
        var rules = Rules(role, @namespace);
        var error = rules is null ? $"{role.Kind.ToLowerInvariant()}.{RoleReference.Group} {GoText.Quote(role.Name)} not found" : "";
        foreach (var subject in binding.ObjectsAt("subjects"))
        {
            var kind = subject.StringAt("kind");
            var name = subject.StringAt("name") ?? "";
            var home = subject.StringAt("namespace") is { Length: > 0 } given ? given : @namespace;
            if (kind == "ServiceAccount" && home.Length == 0)
            {
                continue;
            }

            var user = kind == "ServiceAccount" ? ServiceAccountName.UserOf(home, name) : name;
            var subjectText = kind == "ServiceAccount" ? GoText.Quote($"{name}/{home}") : GoText.Quote(name);
            var bindingKind = @namespace.Length == 0 ? "ClusterRoleBinding" : "RoleBinding";
            var bindingName = @namespace.Length == 0 ? cached.Name : $"{cached.Name}/{@namespace}";
            grants.Add(kind == "Group", user, new Grant(
                rules ?? [],
                error,
                $"RBAC: allowed by {bindingKind} {GoText.Quote(bindingName)} of {role.Kind} {GoText.Quote(role.Name)} to {kind} {subjectText}"));
        }
    }
}
