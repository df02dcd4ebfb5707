using System.Text.Json.Nodes;

using MiniKube.Api.Serialization;
using MiniKube.ApiServer.Authentication;
using MiniKube.TestSupport;

namespace MiniKube.ApiServer.Tests.Authentication;

/// <summary>A front proxy that says on whose behalf it asks.</summary>
public sealed class RequestHeaderTests : IAsyncLifetime
{
    private const string WhoAmI = "/apis/authentication.k8s.io/v1/selfsubjectreviews";

    private readonly TestCertificates _proxies = new();
    private readonly string _authorityFile = Path.GetTempFileName();
    private TestApiServer? _server;

    private TestApiServer Server => _server ?? throw new InvalidOperationException("The server has not started.");

    public async ValueTask InitializeAsync()
    {
        await File.WriteAllTextAsync(_authorityFile, _proxies.Authority.ExportCertificatePem(), TestContext.Current.CancellationToken);
        _server = await TestApiServer.StartAsync(options => options with
        {
            RequestHeader = new RequestHeaderOptions
            {
                ClientCaFile = _authorityFile,
                AllowedNames = ["front-proxy-client"],
                UsernameHeaders = ["X-Remote-User"],
                UidHeaders = ["X-Remote-Uid"],
                GroupHeaders = ["X-Remote-Group", "X-Remote-Role"],
                ExtraHeaderPrefixes = ["X-Remote-Extra-"],
            },
        });
    }

    public async ValueTask DisposeAsync()
    {
        await Server.DisposeAsync();
        _proxies.Dispose();
        File.Delete(_authorityFile);
    }

    [Fact]
    public async Task Headers_OfTheFrontProxy_AreTheUser()
    {
        var user = await WhoIsAsync(
            Proxy("front-proxy-client"),
            ("X-Remote-User", "alice"), ("X-Remote-Uid", "u1"), ("X-Remote-Group", "testers"), ("X-Remote-Role", "others"), ("X-Remote-Extra-Acme.com%2Fproject", "blue"));

        Assert.Equal(
            """{"username":"alice","uid":"u1","groups":["testers","others","system:authenticated"],"extra":{"acme.com/project":["blue"]}}""", user);
    }

    [Fact]
    public async Task Headers_OfTheFrontProxy_MayNameTheAnonymous()
    {
        var answer = (await SendAsync(Proxy("front-proxy-client"), ("X-Remote-User", "system:anonymous"), ("X-Remote-Group", "system:unauthenticated"))).Expect(403);

        Assert.StartsWith("selfsubjectreviews.authentication.k8s.io is forbidden: User \"system:anonymous\" cannot create", answer.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Headers_OfAnotherNameOfThatAuthority_AreRefused() =>
        (await SendAsync(Proxy("somebody"), ("X-Remote-User", "alice"), ("X-Remote-Group", "system:masters"))).Expect(401);

    [Fact]
    public async Task FrontProxy_ThatNamesNobody_IsNobody() => (await SendAsync(Proxy("front-proxy-client"))).Expect(401);

    [Fact]
    public async Task Headers_OfAnOrdinaryUser_MeanNothing()
    {
        using var http = Server.CreateClient("bob");

        Assert.Equal("""{"username":"bob","groups":["system:authenticated"]}""", await WhoIsAsync(http, ("X-Remote-User", "alice"), ("X-Remote-Group", "system:masters")));
    }

    [Fact]
    public async Task ExtensionServers_AreToldWhomToTrust()
    {
        var data = (await new ApiClient(Server.Client, "kube-system").GetAsync("/api/v1/namespaces/kube-system/configmaps/extension-apiserver-authentication")).Expect(200).Json["data"]!;

        Assert.Equal("""["front-proxy-client"]""", data["requestheader-allowed-names"]?.ToString());
        Assert.Equal("""["X-Remote-User"]""", data["requestheader-username-headers"]?.ToString());
        Assert.Equal("""["X-Remote-Group","X-Remote-Role"]""", data["requestheader-group-headers"]?.ToString());
        Assert.Equal("""["X-Remote-Extra-"]""", data["requestheader-extra-headers-prefix"]?.ToString());
        Assert.Equal(_proxies.Authority.ExportCertificatePem(), data["requestheader-client-ca-file"]?.ToString());
    }

    private HttpClient Proxy(string name)
    {
        var (certificate, key) = _proxies.Client(name);
        return Server.ClientWith(certificate, key);
    }

    private static async Task<string> WhoIsAsync(HttpClient http, params (string Name, string Value)[] headers) =>
        (await SendAsync(http, headers)).Expect(201).Json.At("status", "userInfo") is JsonObject user ? user.ToJsonString() : "";

    private static Task<ApiAnswer> SendAsync(HttpClient http, params (string Name, string Value)[] headers)
    {
        foreach (var (name, value) in headers)
        {
            http.DefaultRequestHeaders.Add(name, value);
        }

        return new ApiClient(http, "default").SendAsync(HttpMethod.Post, WhoAmI, "{}");
    }
}
