using System.Text.Json.Nodes;

using MiniKube.Api.Meta;
using MiniKube.Api.Serialization;
using MiniKube.TestSupport;

namespace MiniKube.ApiServer.Tests;

/// <summary>The audit log says who did what to which object, and what he was told, in upstream's form.</summary>
public sealed class AuditTests : IAsyncLifetime
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    private readonly TemporaryFolder _files = new();
    private TestApiServer _server = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private string LogFile => _files.File("audit.log");

    private ApiClient Client => new(_server.Client, "default");

    public async ValueTask InitializeAsync() => _server = await TestApiServer.StartAsync(options => options with { AuditLogPath = LogFile });

    public async ValueTask DisposeAsync()
    {
        await _server.DisposeAsync();
        _files.Dispose();
    }

    [Fact]
    public async Task Create_IsALine_InUpstreamsForm()
    {
        var before = TimeProvider.System.GetUtcNow();
        (await Client.CreateAsync("configmaps", """{"metadata":{"generateName":"made-"}}""")).Expect(201);

        var line = await LineAsync(one => one.StringAt("verb") == "create" && Object(one, "resource") == "configmaps");

        Assert.Equal("Event audit.k8s.io/v1 Metadata ResponseComplete", $"{line.StringAt("kind")} {line.StringAt("apiVersion")} {line.StringAt("level")} {line.StringAt("stage")}");
        Assert.Equal("/api/v1/namespaces/default/configmaps", line.StringAt("requestURI"));
        Assert.Equal("""{"username":"admin","groups":["system:masters","system:authenticated"]}""", line["user"]!.ToJsonString());
        Assert.Equal("""["127.0.0.1"]""", line["sourceIPs"]!.ToJsonString());
        Assert.Equal("""{"metadata":{},"code":201}""", line["responseStatus"]!.ToJsonString());
        Assert.Equal("default v1", $"{Object(line, "namespace")} {Object(line, "apiVersion")}");
        Assert.StartsWith("made-", Object(line, "name"), StringComparison.Ordinal);
        Assert.Null(line["annotations"]);
        Assert.InRange(Time(line, "requestReceivedTimestamp"), before.AddSeconds(-1), Time(line, "stageTimestamp"));
    }

    [Fact]
    public async Task Refusal_TellsCodeReasonAndSubresource()
    {
        (await Client.SendAsync(HttpMethod.Put, "/apis/apps/v1/namespaces/default/deployments/none/status", "{}")).Expect(404);

        var line = await LineAsync(one => Object(one, "name") == "none");

        Assert.Equal("update deployments status apps", $"{line.StringAt("verb")} {Object(line, "resource")} {Object(line, "subresource")} {Object(line, "apiGroup")}");
        Assert.Equal("Failure NotFound", $"{line.StringAt("responseStatus", "status")} {line.StringAt("responseStatus", "reason")}");
        Assert.Equal(404, line["responseStatus"]!["code"]!.GetValue<int>());
    }

    [Fact]
    public async Task FencedWrite_HasItsToken()
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, Client.Core("configmaps"));
        request.Headers.Add(Fencing.Header, "kube-system/nobody:17");
        request.Content = new StringContent("""{"metadata":{"name":"fenced"}}""", new System.Net.Http.Headers.MediaTypeHeaderValue("application/json"));
        using var answer = await _server.Client.SendAsync(request, Cancellation);

        var line = await LineAsync(one => one["annotations"] is not null);

        Assert.Equal("""{"minikube.dev/fence":"kube-system/nobody:17"}""", line["annotations"]!.ToJsonString());
        Assert.Equal("Fenced", line.StringAt("responseStatus", "reason"));
    }

    [Fact]
    public async Task Impersonation_NamesBoth_AndNobodyIsNobody()
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, Client.Core("secrets"));
        request.Headers.Add("Impersonate-User", "jane");
        using var answer = await _server.Client.SendAsync(request, Cancellation);
        using var stranger = _server.CreateClient("");
        using var refused = new HttpRequestMessage(HttpMethod.Get, Client.Core("services"));
        refused.Headers.Add("Authorization", "Bearer wrong");
        using var unauthorized = await stranger.SendAsync(refused, Cancellation);

        var asJane = await LineAsync(one => Object(one, "resource") == "secrets");
        var asNobody = await LineAsync(one => Object(one, "resource") == "services" && one["responseStatus"]!["code"]!.GetValue<int>() == 401);

        Assert.Equal("admin for jane", $"{asJane.StringAt("user", "username")} for {asJane.StringAt("impersonatedUser", "username")}");
        Assert.Equal("{}", asNobody["user"]!.ToJsonString());
    }

    [Fact]
    public async Task File_ThatIsTooLarge_IsPutAside_AndTheOldestAreRemoved()
    {
        var folder = Directory.CreateDirectory(_files.File("rotated")).FullName;
        await using var server = await TestApiServer.StartAsync(
            options => options with { AuditLogPath = Path.Combine(folder, "audit.log"), AuditLogMaxSize = 1, AuditLogMaxBackup = 2 });
        // Of a user agent that makes a line long: four megabytes and more are written.
        server.Client.DefaultRequestHeaders.TryAddWithoutValidation("User-Agent", new string('a', 200_000));
        for (var request = 0; request < 25; request++)
        {
            using var answer = await server.Client.GetAsync(new Uri("/version", UriKind.Relative), Cancellation);
        }

        var names = await Eventually.GetAsync(
            _ => Task.FromResult(Directory.EnumerateFiles(folder).Select(file => Path.GetFileName(file)).Order(StringComparer.Ordinal).ToList()), found => found.Count == 3, Limit, Cancellation);
        Assert.All(names.Take(2), name => Assert.Matches(@"^audit-\d{4}-\d\d-\d\dT\d\d-\d\d-\d\d\.\d{3}\.log$", name));
        Assert.Equal("audit.log", names[2]);
        Assert.All(Directory.EnumerateFiles(folder), file => Assert.InRange(new FileInfo(file).Length, 1, 1024 * 1024));
    }

    private static string Object(JsonNode line, string name) => line.StringAt("objectRef", name) ?? "";

    private static DateTimeOffset Time(JsonNode line, string name) =>
        Timestamps.TryParse(line.StringAt(name) ?? "", out var time) ? time : throw new FormatException(line.StringAt(name));

    /// <summary>A client may read its answer before the line is written.</summary>
    private async Task<JsonNode> LineAsync(Func<JsonNode, bool> isIt) => (await Eventually.GetAsync(
        async _ => (await ReadAsync()).Select(line => JsonNode.Parse(line)!).FirstOrDefault(isIt), line => line is not null, Limit, Cancellation))!;

    private async Task<string[]> ReadAsync()
    {
        await using var stream = new FileStream(LogFile, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        using var reader = new StreamReader(stream);
        var text = await reader.ReadToEndAsync(Cancellation);
        return text[..(text.LastIndexOf('\n') + 1)].Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }
}
