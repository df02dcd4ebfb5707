namespace MiniKube.ApiServer.Tests.Streaming;

/// <summary>Proxies that lead nowhere: each refusal in upstream's words.</summary>
[Collection(ServerCollection.Name)]
public sealed class ProxyTests(ServerFixture fixture)
{
    // B42: whoever may write a pod's status or Endpoints must not reach the server's own machine.
    [Theory]
    [InlineData("127.0.0.1")]
    [InlineData("169.254.169.254")]
    public async Task Pod_ThatSaysItsAddressIsTheServers_IsNotProxiedTo(string address)
    {
        var client = await fixture.CreateNamespaceAsync();
        (await client.CreateAsync("pods", """{"metadata":{"name":"web"},"spec":{"nodeName":"n","containers":[{"name":"a","image":"i"}]}}""")).Expect(201);
        (await client.SendAsync(HttpMethod.Patch, client.Core("pods/web/status"), $$$"""{"status":{"podIP":"{{{address}}}","podIPs":[{"ip":"{{{address}}}"}]}}""", "application/merge-patch+json")).Expect(200);

        Assert.Equal("address not allowed", (await client.GetAsync(client.Core("pods/web:80/proxy/"))).Expect(400).Message);
    }

    [Fact]
    public async Task Pod_WithoutAnAddressOrThatIsNotThere_IsRefused()
    {
        var client = await fixture.CreateNamespaceAsync();
        (await client.CreateAsync("pods", """{"metadata":{"name":"web"},"spec":{"containers":[{"name":"a","image":"i"}]}}""")).Expect(201);

        Assert.Equal("address not allowed", (await client.GetAsync(client.Core("pods/web/proxy/"))).Expect(400).Message);
        Assert.Equal("pods \"nosuch\" not found", (await client.GetAsync(client.Core("pods/http:nosuch:80/proxy/x"))).Expect(404).Message);
        Assert.Equal("invalid pod request \"ftp:web:80\"", (await client.GetAsync(client.Core("pods/ftp:web:80/proxy/"))).Expect(400).Message);
    }

    [Fact]
    public async Task Service_IsProxiedToAPodOnly_WhateverItsEndpointsSay()
    {
        var client = await fixture.CreateNamespaceAsync();
        (await client.CreateAsync("services", """{"metadata":{"name":"web"},"spec":{"ports":[{"port":80}]}}""")).Expect(201);

        Assert.Equal("endpoints \"web\" not found", (await client.GetAsync(client.Core("services/web/proxy/"))).Expect(404).Message);
        Assert.Equal("no service port 81 found for service \"web\"", (await client.GetAsync(client.Core("services/web:81/proxy/"))).Expect(503).Message);
        (await client.CreateAsync("endpoints", """{"metadata":{"name":"web"},"subsets":[{"addresses":[{"ip":"10.1.2.3"}],"ports":[{"port":80}]}]}""")).Expect(201);
        foreach (var method in (HttpMethod[])[HttpMethod.Get, HttpMethod.Post, HttpMethod.Put, HttpMethod.Delete, HttpMethod.Patch, HttpMethod.Options])
        {
            Assert.Equal("no endpoints available for service \"web:80\"", (await client.SendAsync(method, client.Core("services/web:80/proxy/x"))).Expect(503).Message);
        }
    }

    [Fact]
    public async Task Node_ThatIsNotThere_IsNotFound()
    {
        var client = await fixture.CreateNamespaceAsync();

        Assert.Equal("nodes \"nosuch\" not found", (await client.GetAsync("/api/v1/nodes/nosuch:10250/proxy/pods")).Expect(404).Message);
    }

    [Fact]
    public async Task Discovery_HasTheSubresourcesWithTheirVerbs()
    {
        var client = await fixture.CreateNamespaceAsync();

        var resources = (await client.GetAsync("/api/v1")).Expect(200).Json["resources"]!.AsArray()
            .Where(resource => ((string)resource!["name"]!).Contains('/', StringComparison.Ordinal))
            .ToDictionary(resource => (string)resource!["name"]!, resource => $"{resource!["kind"]} {string.Join(',', resource["verbs"]!.AsArray())}");

        Assert.Equal("PodExecOptions create,get", resources["pods/exec"]);
        Assert.Equal("PodAttachOptions create,get", resources["pods/attach"]);
        Assert.Equal("PodPortForwardOptions create,get", resources["pods/portforward"]);
        Assert.Equal("Pod get", resources["pods/log"]);
        Assert.Equal("PodProxyOptions create,delete,get,patch,update", resources["pods/proxy"]);
        Assert.Equal("ServiceProxyOptions create,delete,get,patch,update", resources["services/proxy"]);
        Assert.Equal("NodeProxyOptions create,delete,get,patch,update", resources["nodes/proxy"]);
    }
}
