using System.Diagnostics;
using System.Net.Security;
using System.Net.Sockets;
using System.Text;

using MiniKube.Api.Serialization;
using MiniKube.ApiServer.Tests.BadInputs;

namespace MiniKube.ApiServer.Tests;

/// <summary>Each bad request gets its status soon and in upstream's words, and the next request is served (BAD_INPUTS.md, B01 to B20). What it costs: <see cref="BadRequestTests"/>.</summary>
[Collection(ServerCollection.Name)]
public sealed class BadInputTests(ServerFixture fixture)
{
    private const string Yaml = "application/yaml";
    private const string Json = "application/json";
    private const int MebiByte = 1024 * 1024;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    [Fact]
    public Task B01_YamlOfAliasesOfAliases_IsRefused() => RefuseAsync(
        400,
        "a: &a [x,x,x,x,x,x,x,x,x]\n" + string.Concat("bcdefghi".Select(name => $"{name}: &{name} [{string.Join(',', Enumerable.Repeat($"*{(char)(name - 1)}", 9))}]\n")),
        Yaml);

    [Theory]
    [InlineData('[')]
    [InlineData('{')]
    [InlineData('&')]
    [InlineData('-')]
    public Task B02_YamlOfOneCharacter_IsRefused(char character) => RefuseAsync(400, new string(character, MebiByte), Yaml);

    [Fact]
    public Task B02_YamlWithALongKey_IsRefused() => RefuseAsync(400, $"? {new string('k', MebiByte)}\n: [", Yaml);

    [Theory]
    [InlineData("[")]
    [InlineData("{\"a\":")]
    public Task B03_DeepJson_IsRefused(string open) => RefuseAsync(
        400, """{"metadata":{"name":"a"},"data":""" + string.Concat(Enumerable.Repeat(open, 10_000)), Json);

    [Fact]
    public Task B04_DeepYaml_IsRefused() => RefuseAsync(
        400, "metadata: {name: a}\ndata: " + string.Concat(Enumerable.Repeat("{a: ", 10_000)) + "b" + new string('}', 10_000), Yaml);

    [Fact]
    public async Task B05_DuplicateKeys_AreAnErrorOrAWarning()
    {
        var client = await fixture.CreateNamespaceAsync();
        const string Body = """{"metadata":{"name":"a"},"data":{"k":"1"},"data":{"k":"2"}}""";

        var strict = await client.SendAsync(HttpMethod.Post, client.Core("configmaps?fieldValidation=Strict"), Body);
        var warned = await client.SendAsync(HttpMethod.Post, client.Core("configmaps?fieldValidation=Warn"), Body);

        Assert.Contains("duplicate field \"data\"", strict.Expect(400).Message, StringComparison.Ordinal);
        Assert.Equal("299 - \"duplicate field \\\"data\\\"\"", warned.Expect(201).Headers.GetValues("Warning").Single());
        Assert.Equal("2", warned.Json.StringAt("data", "k"));
    }

    [Fact]
    public async Task B05_TenThousandUnknownFields_WarnWithinBounds()
    {
        var client = await fixture.CreateNamespaceAsync();
        var fields = string.Join(',', Enumerable.Range(0, 10_000).Select(index => $"\"x\\nü{index}\":1"));

        var answer = await client.SendAsync(HttpMethod.Post, client.Core("configmaps"), $$"""{"metadata":{"name":"a"},{{fields}}}""");

        Assert.InRange(answer.Expect(201).Headers.GetValues("Warning").Sum(warning => warning.Length), 1, 8192);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task B06_MoreThanThreeMebibytes_IsTooLarge(bool withLength)
    {
        var client = await fixture.CreateNamespaceAsync();
        using var request = new HttpRequestMessage(HttpMethod.Post, client.Core("configmaps"));
        request.Content = new ByteArrayContent(new byte[(3 * MebiByte) + 1]);
        request.Content.Headers.Add("Content-Type", Json);
        request.Headers.TransferEncodingChunked = !withLength;

        // Else the answer may come while the client still writes, and be lost.
        request.Headers.ExpectContinue = withLength;

        using var response = await client.Http.SendAsync(request, TestContext.Current.CancellationToken).WaitAsync(Patience, TestContext.Current.CancellationToken);

        Assert.Equal(413, (int)response.StatusCode);
        Assert.Equal("""{"kind":"Status","apiVersion":"v1","metadata":{},"status":"Failure","message":"Request entity too large: limit is 3145728","reason":"RequestEntityTooLarge","code":413}""" + "\n", await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        (await client.GetAsync(client.Core("configmaps"))).Expect(200);
    }

    [Fact]
    public async Task B07_ObjectLargerThanTheStoreTakes_IsTooLarge()
    {
        var client = await fixture.CreateNamespaceAsync();
        var annotations = $"\"a\":\"{new string('x', 200_000)}\"";
        var containers = string.Join(',', Enumerable.Range(0, 40).Select(index => $$$"""{"name":"c{{{index}}}","image":"i","args":["{{{new string('x', 60_000)}}}"]}"""));

        var answer = await client.CreateAsync("pods", $$$"""{"metadata":{"name":"a","annotations":{{{{annotations}}}}},"spec":{"containers":[{{{containers}}}]}}""");

        Assert.Equal("RequestEntityTooLarge", answer.Expect(413).Reason);
        Assert.Contains("etcdserver: request is too large", answer.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task B14_ThousandsOfRequestsThatAreTakenBack_LeaveTheServerWell()
    {
        var client = await fixture.CreateNamespaceAsync();
        for (var index = 0; index < 2000; index++)
        {
            using var gone = new CancellationTokenSource();
            var request = client.Http.GetAsync(new Uri(client.Core("configmaps?watch=1"), UriKind.Relative), HttpCompletionOption.ResponseHeadersRead, gone.Token);
            await gone.CancelAsync();
            await ((Task)request).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
        }

        (await client.GetAsync(client.Core("configmaps"))).Expect(200);
    }

    [Theory]
    [InlineData("/api/v1/namespaces/default/configmaps/%2e%2e%2f%2e%2e%2fsecrets")]
    [InlineData("/api/v1/namespaces/default/configmaps/a%2Fb")]
    [InlineData("/api/v1/namespaces/default/configmaps/..%2f..%2fetc")]
    [InlineData("/api/v1/namespaces//configmaps/a")]
    [InlineData("/api/v1/namespaces/default/configmaps/a%00b")]
    [InlineData("/api/v1/namespaces/default/configmaps/%ff%fe")]
    [InlineData("//api//v1//namespaces/nosuch-b17//configmaps/a")]
    public async Task B17_StrangePaths_FindNothing(string path)
    {
        await using var connection = await ConnectAsync();
        await connection.WriteAsync(Encoding.ASCII.GetBytes($"GET {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"), TestContext.Current.CancellationToken);

        var answer = await AttackedServer.ReadToEndAsync(connection, Patience);

        Assert.Matches("^HTTP/1.1 40[0-9]", answer);
    }

    [Theory]
    [InlineData(9_000, 404)]
    [InlineData(2_000_000, 414)]
    public async Task B17_LongPath_IsBounded(int length, int status)
    {
        await using var connection = await ConnectAsync();
        try
        {
            await connection.WriteAsync(
                Encoding.ASCII.GetBytes($"GET /api/v1/namespaces/default/configmaps/{new string('x', length)} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"),
                TestContext.Current.CancellationToken);
        }
        catch (IOException) when (status == 414)
        {
            // It does not listen to the end.
        }

        var answer = await AttackedServer.ReadToEndAsync(connection, Patience);

        Assert.True(answer.StartsWith($"HTTP/1.1 {status}", StringComparison.Ordinal) || (status == 414 && answer.Length == 0), answer);
    }

    [Theory]
    [InlineData("n!=v{0}", 200)]
    [InlineData("!n{0}", 200)]
    [InlineData("n{0}=(.*)+$", 400)]
    public async Task B18_SelectorOfTenThousandTerms_IsAnswered(string term, int status)
    {
        var client = await fixture.CreateNamespaceAsync();
        await client.CreateConfigMapAsync("a", ",\"labels\":{\"n\":\"v\"}");
        var selector = string.Join(',', Enumerable.Range(0, 10_000).Select(index => term.Replace("{0}", $"{index}", StringComparison.Ordinal)));
        var watch = Stopwatch.StartNew();

        (await client.GetAsync(client.Core($"configmaps?labelSelector={Uri.EscapeDataString(selector)}"))).Expect(status);

        Assert.InRange(watch.Elapsed, TimeSpan.Zero, Patience);
    }

    [Theory]
    [InlineData("fieldSelector=nonsense", "invalid selector: 'nonsense'; can't understand 'nonsense'")]
    [InlineData("fieldSelector=spec.nosuch%3D1", "\"spec.nosuch\" is not a known field selector: only \"metadata.name\", \"metadata.namespace\"")]
    [InlineData("labelSelector=a+in+x", "unable to parse requirement: found 'x' expected: '('")]
    public async Task B18_BadSelector_IsABadRequest(string query, string message)
    {
        var client = await fixture.CreateNamespaceAsync();

        Assert.Contains(message, (await client.GetAsync(client.Core($"configmaps?{query}"))).Expect(400).Message, StringComparison.Ordinal);
    }

    private async Task RefuseAsync(int status, string body, string contentType)
    {
        var client = await fixture.CreateNamespaceAsync();
        var watch = Stopwatch.StartNew();

        var answer = await client.SendAsync(HttpMethod.Post, client.Core("configmaps"), body, contentType);

        answer.Expect(status);
        Assert.InRange(watch.Elapsed, TimeSpan.Zero, Patience);
        (await client.GetAsync(client.Core("configmaps"))).Expect(200);
    }

    private async Task<SslStream> ConnectAsync()
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { ReceiveBufferSize = 4096 };
        await socket.ConnectAsync("127.0.0.1", fixture.Server.Address.Port, TestContext.Current.CancellationToken);
        return await fixture.Server.AuthenticateAsync(new NetworkStream(socket, ownsSocket: true));
    }
}
