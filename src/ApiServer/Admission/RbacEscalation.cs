using System.Text.Json.Nodes;

using MiniKube.Api.Errors;
using MiniKube.Api.Meta;
using MiniKube.Api.Serialization;
using MiniKube.ApiServer.Authentication;
using MiniKube.ApiServer.Authorization;
using MiniKube.ApiServer.Authorization.Rbac;
using MiniKube.ApiServer.Filters;

namespace MiniKube.ApiServer.Admission;

/// <summary>
/// Nobody gives what he does not have: a role may hold, and a binding may give, only rights that its writer has himself, unless he may <c>escalate</c> the role
/// or <c>bind</c> it. Not a plugin that can be turned off; upstream has it in the storage of these kinds.
/// </summary>
internal sealed class RbacEscalation(IAuthorizer authorizer, RbacPolicySource policy) : IMutatingAdmission
{
    public async ValueTask MutateAsync(AdmissionAttributes attributes, CancellationToken cancellationToken)
    {
        var request = attributes.Request;
        if (request.Resource.Name.Group != RoleReference.Group || attributes.Object is not { } obj || SuperuserAuthorizer.Includes(request.User))
        {
            return;
        }

        if (attributes.Old is { } old && ChangesOnlyWhatDeletionNeeds(obj, old))
        {
            return;
        }

        switch (request.Resource.Kind.Kind)
        {
            case "Role" or "ClusterRole" when !await MayAsync(request.User, "escalate", request.Resource.Name.Resource, request.Name, request.Namespace, cancellationToken):
                CheckRole(attributes, obj);
                break;
            case "RoleBinding" or "ClusterRoleBinding":
                await CheckBindingAsync(attributes, RoleReference.Of(obj), cancellationToken);
                break;
        }
    }

    private void CheckRole(AdmissionAttributes attributes, JsonObject role)
    {
        var request = attributes.Request;
        if ((HasAggregation(role) || HasAggregation(attributes.Old)) && Missing(request.User, "", PolicyRule.FullAuthority).Rules.Count > 0)
        {
            throw StatusException.Forbidden(
                request.Resource.Name, role.StringAt("metadata", "name") ?? "", "must have cluster-admin privileges to use an aggregationRule");
        }

        Check(attributes, role, PolicyRule.ParseAll(role));
    }

    private static bool HasAggregation(JsonObject? role) => role.At("aggregationRule", "clusterRoleSelectors") is JsonArray { Count: > 0 };

    private async ValueTask CheckBindingAsync(AdmissionAttributes attributes, RoleReference role, CancellationToken cancellationToken)
    {
        var request = attributes.Request;
        var resource = role.IsClusterRole ? "clusterroles" : "roles";
        if (await MayAsync(request.User, "bind", resource, role.Name, request.Namespace, cancellationToken))
        {
            return;
        }

        var rules = policy.Current.Rules(role, request.Namespace)
            ?? throw StatusException.NotFound(new GroupVersionResource(RoleReference.Group, "v1", resource), role.Name);
        Check(attributes, attributes.Object ?? [], rules);
    }

    private void Check(AdmissionAttributes attributes, JsonObject obj, IReadOnlyList<PolicyRule> rules)
    {
        var (user, request) = (attributes.Request.User, attributes.Request);
        var (missing, errors) = Missing(user, request.Namespace, rules);
        if (missing.Count == 0)
        {
            return;
        }

        var rights = RuleCover.Compact(missing).Select(rule => rule.ToString()).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal);
        var why = $"user {GoText.Quote(user.Name)} (groups={GoText.QuoteAll(user.Groups)}) is attempting to grant RBAC permissions not currently held:\n{string.Join('\n', rights)}";
        throw StatusException.Forbidden(
            request.Resource.Name,
            obj.StringAt("metadata", "name") ?? "",
            errors.Count == 0 ? why : $"{why}; resolution errors: [{string.Join(' ', errors)}]");
    }

    private (IReadOnlyList<PolicyRule> Rules, IReadOnlyList<string> Errors) Missing(UserInfo user, string @namespace, IReadOnlyList<PolicyRule> wanted)
    {
        var (owned, errors) = policy.Current.RulesOf(user, @namespace);
        return (RuleCover.Missing(owned, wanted), errors);
    }

    private async ValueTask<bool> MayAsync(
        UserInfo user, string verb, string resource, string name, string @namespace, CancellationToken cancellationToken)
    {
        var question = new RequestInfo
        {
            Path = "",
            Verb = verb,
            IsResourceRequest = true,
            Group = RoleReference.Group,
            Version = "*",
            Resource = resource,
            Name = name,
            Namespace = @namespace,
        };
        return (await authorizer.AuthorizeAsync(user, question, cancellationToken)).IsAllowed;
    }

    // The garbage collector may let go of any object, whatever rights that grants.
    private static bool ChangesOnlyWhatDeletionNeeds(JsonObject obj, JsonObject old) => JsonNode.DeepEquals(Without(obj), Without(old));

    private static JsonObject Without(JsonObject obj)
    {
        var copy = (JsonObject)obj.DeepClone();
        foreach (var field in (string[])["ownerReferences", "finalizers", "managedFields", "resourceVersion"])
        {
            copy.ObjectAt("metadata")?.Remove(field);
        }

        return copy;
    }
}
