using MiniKube.ApiServer.Authorization.Nodes;
using MiniKube.ApiServer.Authorization.Rbac;
using MiniKube.ApiServer.Registry;

namespace MiniKube.ApiServer.Authorization;

/// <summary>Reads <c>--authorization-mode</c>: a comma-separated list of Node, RBAC and AlwaysAllow, asked in that order.</summary>
internal static class AuthorizationModes
{
    public static IAuthorizer Create(string modes, RbacPolicySource policy, ResourceCatalog catalog)
    {
        List<IAuthorizer> authorizers = [new SuperuserAuthorizer()];
        foreach (var mode in modes.Split(',', StringSplitOptions.TrimEntries))
        {
            authorizers.Add(mode switch
            {
                "Node" => NodeAuthorizer.Of(catalog),
                "RBAC" => new RbacAuthorizer(policy),
                "AlwaysAllow" => new AlwaysAllowAuthorizer(),
                _ => throw new ArgumentException($"--authorization-mode: unknown mode \"{mode}\""),
            });
        }

        return new UnionAuthorizer(authorizers);
    }
}
