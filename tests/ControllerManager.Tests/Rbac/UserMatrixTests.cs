using System.Net;
using System.Net.Http.Headers;
using System.Text;

using k8s.Models;

using MiniKube.TestSupport;

namespace MiniKube.ControllerManager.Tests.Rbac;

/// <summary>
/// Users by verbs by resources: each cell is a real request, refused with 403 or not, as upstream's roles say. Here, because the aggregation controller fills the
/// roles view, edit and admin.
/// </summary>
public sealed class UserMatrixTests
{
    private const string Namespace = "team";
    private const string Read = "glw";
    private const string All = "glwcupdx";

    /// <summary>What the roles view, edit and admin, bound in the namespace, allow in it: g(et) l(ist) w(atch) c(reate) u(pdate) p(atch) d(elete) x (deletecollection).</summary>
    private static readonly (string Path, string View, string Edit, string Admin)[] Namespaced =
    [
        ("api/v1/pods", Read, All, All),
        ("api/v1/secrets", "", All, All),
        ("api/v1/configmaps", Read, All, All),
        ("api/v1/serviceaccounts", Read, All, All),
        ("api/v1/services", Read, All, All),
        ("api/v1/endpoints", Read, Read, Read),
        ("api/v1/events", Read, All, All),
        ("api/v1/persistentvolumeclaims", Read, All, All),
        ("api/v1/replicationcontrollers", Read, All, All),
        ("api/v1/resourcequotas", Read, Read, Read),
        ("api/v1/limitranges", Read, Read, Read),
        ("api/v1/podtemplates", "", "", ""),
        ("apis/apps/v1/deployments", Read, All, All),
        ("apis/apps/v1/statefulsets", Read, All, All),
        ("apis/apps/v1/controllerrevisions", Read, Read, Read),
        ("apis/batch/v1/jobs", Read, All, All),
        ("apis/batch/v1/cronjobs", Read, All, All),
        ("apis/autoscaling/v2/horizontalpodautoscalers", Read, All, All),
        ("apis/networking.k8s.io/v1/ingresses", Read, All, All),
        ("apis/networking.k8s.io/v1/networkpolicies", Read, All, All),
        ("apis/policy/v1/poddisruptionbudgets", Read, All, All),
        ("apis/coordination.k8s.io/v1/leases", "", All, All),
        ("apis/discovery.k8s.io/v1/endpointslices", Read, Read, Read),
        ("apis/rbac.authorization.k8s.io/v1/roles", "", "", All),
        ("apis/rbac.authorization.k8s.io/v1/rolebindings", "", "", All),
    ];

    /// <summary>Parts of objects, of the object that does not exist: only get, create, update and patch.</summary>
    private static readonly (string Path, string View, string Edit, string Admin)[] Parts =
    [
        ("api/v1/pods/none/log", "g", "g", "g"),
        ("api/v1/pods/none/status", "g", "g", "g"),
        ("api/v1/pods/none/exec", "", "gcup", "gcup"),
        ("api/v1/pods/none/eviction", "", "c", "c"),
        ("api/v1/serviceaccounts/none/token", "", "c", "c"),
        ("apis/apps/v1/deployments/none/scale", "g", "gcup", "gcup"),
        ("apis/apps/v1/deployments/none/status", "g", "g", "g"),
    ];

    private static readonly string[] ClusterScoped =
    [
        "api/v1/nodes", "api/v1/namespaces", "api/v1/persistentvolumes", "apis/rbac.authorization.k8s.io/v1/clusterroles",
        "apis/rbac.authorization.k8s.io/v1/clusterrolebindings", "apis/storage.k8s.io/v1/storageclasses", "apis/scheduling.k8s.io/v1/priorityclasses",
    ];

    private static readonly (string Path, bool Anonymous, bool Authenticated)[] Paths =
    [
        ("version", true, true), ("healthz", true, true), ("readyz", true, true), ("api", false, true), ("apis/apps/v1", false, true), ("openapi/v2", false, true),
        ("metrics", false, false), ("logs", false, false), ("", false, false),
    ];

    [Fact]
    public async Task EveryUser_MayDoWhatUpstreamsRolesGive_AndNothingElse()
    {
        await using var cluster = await TestCluster.StartAsync("--leader-elect=false");
        await cluster.CreateAsync(new V1Namespace { ApiVersion = "v1", Kind = "Namespace", Metadata = new V1ObjectMeta { Name = Namespace } });
        foreach (var role in (string[])["view", "edit", "admin"])
        {
            await cluster.CreateAsync(Binding(role));
        }

        await cluster.EventuallyAsync<V1ClusterRole>("admin", role => Has(role, "roles") && Has(role, "secrets") && Has(role, "limitranges"), "");
        await cluster.EventuallyAsync<V1ClusterRole>("edit", role => Has(role, "secrets") && Has(role, "limitranges"), "");
        await cluster.EventuallyAsync<V1ClusterRole>("view", role => Has(role, "limitranges"), "");
        var faults = new List<string>();
        foreach (var (name, client, column) in await UsersAsync(cluster))
        {
            using (client)
            {
                faults.AddRange(await CheckAsync(name, client, column));
            }
        }

        Assert.True(faults.Count == 0, string.Join('\n', faults));
    }

    private static bool Has(V1ClusterRole? role, string resource) => role?.Rules?.Any(rule => rule.Resources?.Contains(resource) == true) == true;

    private static V1RoleBinding Binding(string role) => new()
    {
        ApiVersion = "rbac.authorization.k8s.io/v1",
        Kind = "RoleBinding",
        Metadata = Objects.Meta(role, Namespace),
        RoleRef = new V1RoleRef { ApiGroup = "rbac.authorization.k8s.io", Kind = "ClusterRole", Name = role },
        Subjects = [new Rbacv1Subject { ApiGroup = "rbac.authorization.k8s.io", Kind = "User", Name = $"{role}-user" }],
    };

    /// <summary>Each user with its column: view, edit, admin, all, none, or refused for its credentials.</summary>
    private static async Task<IEnumerable<(string Name, HttpClient Client, string Column)>> UsersAsync(TestCluster cluster)
    {
        var server = cluster.Server;
        using var strangers = new TestCertificates();
        var (certificate, key) = strangers.Client("admin", "system:masters");
        await cluster.CreateAsync(new V1ServiceAccount { ApiVersion = "v1", Kind = "ServiceAccount", Metadata = Objects.Meta("robot", Namespace) });
        var request = new Authenticationv1TokenRequest { ApiVersion = "authentication.k8s.io/v1", Kind = "TokenRequest", Spec = new V1TokenRequestSpec { Audiences = [] } };
        var token = await cluster.Client.PostAsync<V1ServiceAccount, Authenticationv1TokenRequest>(new(Namespace, "robot"), "token", request, TestContext.Current.CancellationToken);
        var account = server.CreateClient("");
        account.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token.Status.Token);
        await cluster.CreateAsync(new V1ClusterRoleBinding
        {
            ApiVersion = "rbac.authorization.k8s.io/v1",
            Kind = "ClusterRoleBinding",
            Metadata = new V1ObjectMeta { Name = "root" },
            RoleRef = new V1RoleRef { ApiGroup = "rbac.authorization.k8s.io", Kind = "ClusterRole", Name = "cluster-admin" },
            Subjects = [new Rbacv1Subject { ApiGroup = "rbac.authorization.k8s.io", Kind = "User", Name = "root-user" }],
        });
        var impersonator = server.CreateClient("root-user");
        impersonator.DefaultRequestHeaders.Add("Impersonate-User", "edit-user");
        return
        [
            ("anonymous", server.CreateClient(""), "anonymous"),
            ("wrong certificate", server.ClientWith(certificate, key), "refused"),
            ("service account", account, "none"),
            ("view", server.CreateClient("view-user"), "view"),
            ("edit", server.CreateClient("edit-user"), "edit"),
            ("admin", server.CreateClient("admin-user"), "admin"),
            ("cluster-admin", server.CreateClient("root-user"), "all"),
            ("impersonator of edit", impersonator, "edit"),
        ];
    }

    private static async Task<List<string>> CheckAsync(string name, HttpClient client, string column)
    {
        var faults = new List<string>();
        async Task ExpectAsync(HttpMethod method, string path, bool allowed)
        {
            var expected = column == "refused" ? HttpStatusCode.Unauthorized : allowed ? HttpStatusCode.OK : HttpStatusCode.Forbidden;
            var status = await SendAsync(client, method, path);
            var isAsExpected = expected == HttpStatusCode.OK ? status is not (HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden) : status == expected;
            if (!isAsExpected)
            {
                faults.Add($"{name}: {method} {path}: {(int)status}");
            }
        }

        foreach (var row in Namespaced)
        {
            foreach (var (verb, method, suffix) in Requests("none"))
            {
                await ExpectAsync(method, In(row.Path) + suffix, Pick(column, row.View, row.Edit, row.Admin).Contains(verb, StringComparison.Ordinal));

                // What a binding gives in one namespace it gives in no other.
                await ExpectAsync(method, In(row.Path, "default") + suffix, column == "all");
            }
        }

        foreach (var row in Parts)
        {
            foreach (var (verb, method) in ((char, HttpMethod)[])[('g', HttpMethod.Get), ('c', HttpMethod.Post), ('u', HttpMethod.Put), ('p', HttpMethod.Patch)])
            {
                await ExpectAsync(method, In(row.Path), Pick(column, row.View, row.Edit, row.Admin).Contains(verb, StringComparison.Ordinal));
            }
        }

        foreach (var path in ClusterScoped)
        {
            foreach (var (_, method, suffix) in Requests("none"))
            {
                await ExpectAsync(method, path + suffix, column == "all");
            }
        }

        // Who may read in a namespace may see that namespace, and no other.
        await ExpectAsync(HttpMethod.Get, $"api/v1/namespaces/{Namespace}", column is "view" or "edit" or "admin" or "all");
        await ExpectAsync(HttpMethod.Get, "api/v1/namespaces/default", column == "all");
        foreach (var (path, anonymous, authenticated) in Paths)
        {
            await ExpectAsync(HttpMethod.Get, path, column switch { "anonymous" => anonymous, "all" => true, _ => authenticated });
        }

        return faults;
    }

    private static string Pick(string column, string view, string edit, string admin) =>
        column switch { "view" => view, "edit" => edit, "admin" => admin, "all" => All, _ => "" };

    private static IEnumerable<(char Verb, HttpMethod Method, string Suffix)> Requests(string name) =>
    [
        ('g', HttpMethod.Get, $"/{name}"),
        ('l', HttpMethod.Get, "?limit=1"),
        ('w', HttpMethod.Get, "?watch=true&timeoutSeconds=1"),
        ('c', HttpMethod.Post, "?dryRun=All"),
        ('u', HttpMethod.Put, $"/{name}?dryRun=All"),
        ('p', HttpMethod.Patch, $"/{name}?dryRun=All"),
        ('d', HttpMethod.Delete, $"/{name}?dryRun=All"),
        ('x', HttpMethod.Delete, "?dryRun=All&labelSelector=none%3Dnone"),
    ];

    /// <summary>The path in the namespace.</summary>
    private static string In(string path, string ns = Namespace)
    {
        var parts = path.Split('/');
        var version = parts[0] == "api" ? 2 : 3;
        return string.Join('/', [.. parts[..version], "namespaces", ns, .. parts[version..]]);
    }

    // Only the status counts: a watch ends with its answer's head.
    private static async Task<HttpStatusCode> SendAsync(HttpClient client, HttpMethod method, string path)
    {
        using var request = new HttpRequestMessage(method, path);
        if (method != HttpMethod.Get && method != HttpMethod.Delete)
        {
            request.Content = new ByteArrayContent(Encoding.UTF8.GetBytes("{}"));
            request.Content.Headers.ContentType = new MediaTypeHeaderValue(method == HttpMethod.Patch ? "application/merge-patch+json" : "application/json");
        }

        using var answer = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, TestContext.Current.CancellationToken);
        return answer.StatusCode;
    }
}
