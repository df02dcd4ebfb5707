using System.Net.Http.Headers;

using MiniKube.Api.Serialization;
using MiniKube.TestSupport;

namespace MiniKube.ApiServer.Tests;

/// <summary>Users of a test: clients that act as somebody, and what administrators give them.</summary>
internal static class ApiUser
{
    /// <summary>Sends requests with a bearer token and no certificate.</summary>
    public static ApiClient WithToken(this TestApiServer server, string token, string @namespace = "default")
    {
        var http = server.CreateClient("");
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
        return new ApiClient(http, @namespace);
    }

    /// <summary>Sends requests as a user with a certificate.</summary>
    public static ApiClient As(this TestApiServer server, string @namespace, string user, params IEnumerable<string> groups) =>
        new(server.CreateClient(user, groups), @namespace);

    /// <summary>Binds a cluster role to a user in the client's namespace, and waits until it is in force.</summary>
    public static async Task GiveAsync(this ApiClient admin, string user, string clusterRole)
    {
        var name = $"{user.Replace(':', '-')}-{clusterRole.Replace(':', '-')}";
        (await admin.SendAsync(HttpMethod.Post, $"/apis/rbac.authorization.k8s.io/v1/namespaces/{admin.Namespace}/rolebindings", $$"""
            {"metadata":{"name":"{{name}}"},
             "roleRef":{"apiGroup":"rbac.authorization.k8s.io","kind":"ClusterRole","name":"{{clusterRole}}"},
             "subjects":[{"apiGroup":"rbac.authorization.k8s.io","kind":"User","name":"{{user}}"}]}
            """)).Expect(201);
    }

    /// <summary>Makes a service account and a token of it.</summary>
    public static async Task<string> CreateAccountAsync(this ApiClient admin, string name)
    {
        (await admin.CreateAsync("serviceaccounts", $$$"""{"metadata":{"name":"{{{name}}}"}}""")).Expect(201);
        return await admin.CreateTokenAsync(name);
    }

    /// <param name="admin">Who asks.</param>
    /// <param name="account">Whose token.</param>
    /// <param name="spec">The TokenRequest's, as JSON.</param>
    public static async Task<string> CreateTokenAsync(this ApiClient admin, string account, string spec = "{}")
    {
        var answer = (await admin.SendAsync(HttpMethod.Post, admin.Core($"serviceaccounts/{account}/token"), $$"""{"spec":{{spec}}}""")).Expect(201);
        return answer.Json.StringAt("status", "token") ?? "";
    }
}
