using System.Net.Security;
using System.Net.Sockets;

using MiniKube.Api.Serialization;
using MiniKube.ApiServer.Tests.Resources;

namespace MiniKube.ApiServer.Tests;

/// <summary>Rows of what clients demand (docs/clients.md) that no other test shows.</summary>
[Collection(ServerCollection.Name)]
public sealed class ClientRowTests(ServerFixture fixture)
{
    [Theory]
    [InlineData("watch=0", false)]
    [InlineData("watch=false", false)]
    [InlineData("watch=False", false)]
    [InlineData("watch=FALSE", false)]
    [InlineData("", false)]
    [InlineData("watch=1", true)]
    [InlineData("watch=True", true)]
    [InlineData("watch=no", true)]
    public async Task Watch_AnyValue_IsReadAsGoReadsIt(string query, bool isWatch)
    {
        // A8.
        var client = await fixture.CreateNamespaceAsync();
        await client.CreateConfigMapAsync("a");

        var answer = await client.GetAsync(client.Core($"configmaps?timeoutSeconds=1&{query}"));

        Assert.Equal(isWatch ? "ADDED" : "ConfigMapList", answer.Expect(200).Json.StringAt(isWatch ? "type" : "kind"));
    }

    [Fact]
    public async Task Pod_OfThreeFields_HasWhatDebugReads()
    {
        // A17: kubectl debug reads the security context without looking whether it is there.
        var client = await fixture.CreateNamespaceAsync();

        var pod = (await PodsTests.CreatePodAsync(client, "p")).Json;

        Assert.Equal("{}", pod.At("spec", "securityContext")?.ToJsonString());
        Assert.Equal((30L, "ClusterFirst", 1L), (pod.IntegerAt("spec", "terminationGracePeriodSeconds"), pod.StringAt("spec", "dnsPolicy"), pod.IntegerAt("metadata", "generation")));
        Assert.Equal("Pending", pod.StringAt("status", "phase"));
    }

    [Fact]
    public async Task Failure_Body_IsUpstreamsByteForByte()
    {
        // A18: the Python client's own tests compare this text.
        var client = await fixture.CreateNamespaceAsync();
        var path = $"/apis/apps/v1/namespaces/{client.Namespace}/deployments";
        const string web =
            """{"metadata":{"name":"web"},"spec":{"selector":{"matchLabels":{"a":"b"}},"template":{"metadata":{"labels":{"a":"b"}},"spec":{"containers":[{"name":"c","image":"i"}]}}}}""";
        (await client.SendAsync(HttpMethod.Post, path, web)).Expect(201);

        var twice = await client.SendAsync(HttpMethod.Post, path, web);
        var missing = await client.GetAsync($"{path}/none");
        var invalid = await client.SendAsync(HttpMethod.Post, client.Core("configmaps"), """{"metadata":{"name":"A"}}""");

        Assert.Equal(
            """{"kind":"Status","apiVersion":"v1","metadata":{},"status":"Failure","message":"deployments.apps \"web\" already exists","reason":"AlreadyExists","details":{"name":"web","group":"apps","kind":"deployments"},"code":409}""" + "\n",
            twice.Expect(409).Text);
        Assert.Equal(
            """{"kind":"Status","apiVersion":"v1","metadata":{},"status":"Failure","message":"deployments.apps \"none\" not found","reason":"NotFound","details":{"name":"none","group":"apps","kind":"deployments"},"code":404}""" + "\n",
            missing.Expect(404).Text);
        const string rule =
            """Invalid value: \"A\": a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')""";
        Assert.Equal(
            """{"kind":"Status","apiVersion":"v1","metadata":{},"status":"Failure","message":"ConfigMap \"A\" is invalid: metadata.name: RULE","reason":"Invalid","details":{"name":"A","kind":"ConfigMap","causes":[{"reason":"FieldValueInvalid","message":"RULE","field":"metadata.name"}]},"code":422}"""
                .Replace("RULE", rule, StringComparison.Ordinal) + "\n",
            invalid.Expect(422).Text);
    }

    [Fact]
    public void Delete_OfEveryKind_AnswersAsItsStrategySays()
    {
        // A19.
        string[] core = ["namespaces", "persistentvolumeclaims", "persistentvolumes", "pods", "podtemplates", "resourcequotas", "serviceaccounts", "services"];
        var expected = Strategies.All.Where(strategy => strategy.Kind.Group is "storage.k8s.io" or "resource.k8s.io").Select(strategy => strategy.Plural).Concat(core);

        Assert.Equal(expected.Order(), Strategies.All.Where(strategy => strategy.ReturnsDeletedObject).Select(strategy => strategy.Plural).Order());
    }

    [Theory]
    [InlineData("h2,http/1.1", "h2")]
    [InlineData("http/1.1", "http/1.1")]
    [InlineData("", "")]
    public async Task Connection_Protocols_AreNegotiated(string offered, string chosen)
    {
        // A20.
        var cancellationToken = TestContext.Current.CancellationToken;
        using var socket = new TcpClient();
        await socket.ConnectAsync(fixture.Server.Address.Host, fixture.Server.Address.Port, cancellationToken);
        await using var tls = new SslStream(socket.GetStream());

        await tls.AuthenticateAsClientAsync(
            new SslClientAuthenticationOptions
            {
                TargetHost = "127.0.0.1",
                ApplicationProtocols = offered.Length == 0 ? null : [.. offered.Split(',').Select(protocol => new SslApplicationProtocol(protocol))],
                RemoteCertificateValidationCallback = (_, presented, _, _) => presented is not null,
            },
            cancellationToken);

        Assert.Equal(chosen, tls.NegotiatedApplicationProtocol.ToString());
    }
}
