using System.Text;

using MiniKube.Api.Errors;
using MiniKube.ApiServer.Endpoints.Streaming.Proxying;

namespace MiniKube.ApiServer.Tests.Streaming;

/// <summary>The pure parts of proxies: names, paths, addresses and links.</summary>
public sealed class ProxyRewritingTests
{
    private const string Prefix = "/api/v1/namespaces/ns/pods/web:80/proxy";

    private static readonly ProxyLinks Links = new(Prefix, "10.244.0.2:80", "localhost:6443");

    [Theory]
    [InlineData("/page", Prefix + "/page")]
    [InlineData("/", Prefix + "/")]
    [InlineData("/page/?q=http://x/", Prefix + "/page/?q=http://x/")]
    [InlineData("page", "page")]
    [InlineData("?q", "?q")]
    [InlineData("#part", "#part")]
    [InlineData(Prefix + "/page", Prefix + "/page")]
    [InlineData("http://10.244.0.2:80/page", Prefix + "/page")]
    [InlineData("http://10.244.0.2:80", Prefix + "/")]
    [InlineData("//10.244.0.2:80/page", Prefix + "/page")]
    [InlineData("https://localhost:6443/page", Prefix + "/page")]
    [InlineData("https://localhost:6443" + Prefix + "/page", "https://localhost:6443" + Prefix + "/page")]
    [InlineData("http://elsewhere.example/page", "http://elsewhere.example/page")]
    [InlineData("//elsewhere.example/page", "//elsewhere.example/page")]
    [InlineData("mailto:me@example.org", "mailto:me@example.org")]
    [InlineData("", "")]
    public void Link_LeadsThroughTheProxyIfItIsTheBackends(string link, string expected) => Assert.Equal(expected, Links.Rewrite(link));

    [Theory]
    [InlineData("<a href=\"/rewriteme\">test</a>", "<a href=\"" + Prefix + "/rewriteme\">test</a>")]
    [InlineData("<A class=x HREF='/a'>t</A><img src=/b.png alt=\">\">", "<A class=x HREF='" + Prefix + "/a'>t</A><img src=" + Prefix + "/b.png alt=\">\">")]
    [InlineData("<a title=\"/x\" href=\"relative\">/plain</a>", "<a title=\"/x\" href=\"relative\">/plain</a>")]
    [InlineData("1 < 2 and /path > /other", "1 < 2 and /path > /other")]
    [InlineData("<p>it's <b>/x</b> isn't</p><form action=\"/go\">", "<p>it's <b>/x</b> isn't</p><form action=\"" + Prefix + "/go\">")]
    [InlineData("<a href=\"/cut", "<a href=\"/cut")]
    public async Task Page_HasItsLinksRewritten_HoweverItComesInPieces(string page, string expected)
    {
        foreach (var piece in (int[])[1, 3, 1000])
        {
            using var output = new MemoryStream();
            await new HtmlLinks(Links).CopyAsync(new Pieces(Encoding.UTF8.GetBytes(page), piece), output, TestContext.Current.CancellationToken);

            Assert.Equal(expected, Encoding.UTF8.GetString(output.ToArray()));
        }
    }

    [Fact]
    public async Task Page_WithATagThatNeverEnds_PassesInBoundedMemory()
    {
        var page = new byte[4 * 1024 * 1024];
        Array.Fill(page, (byte)'x');
        page[0] = (byte)'<';
        using var output = new MemoryStream();

        await new HtmlLinks(Links).CopyAsync(new MemoryStream(page), output, TestContext.Current.CancellationToken).WaitAsync(TimeSpan.FromSeconds(60), TestContext.Current.CancellationToken);

        Assert.Equal(page, output.ToArray());
    }

    [Theory]
    [InlineData("web", "", "web", "")]
    [InlineData("web:80", "", "web", "80")]
    [InlineData("web:http", "", "web", "http")]
    [InlineData("https:web:443", "https", "web", "443")]
    [InlineData("http:web:", "http", "web", "")]
    [InlineData(":web:80", "", "web", "80")]
    public void Name_MayHaveASchemeAndAPort(string text, string scheme, string name, string port) =>
        Assert.Equal(new ProxyName(scheme, name, port), ProxyName.Parse(text, "pod"));

    [Theory]
    [InlineData("ftp:web:80")]
    [InlineData("a:b:c:d")]
    [InlineData(":80")]
    public void Name_ThatIsNone_IsABadRequest(string text) =>
        Assert.Equal($"invalid pod request \"{text}\"", Assert.Throws<StatusException>(() => ProxyName.Parse(text, "pod")).Status.Message);

    [Theory]
    [InlineData("/api/v1/nodes/n/proxy", "/api/v1/nodes/n/proxy", "", "")]
    [InlineData("/api/v1/nodes/n/proxy/", "/api/v1/nodes/n/proxy", "/", "")]
    [InlineData("/api/v1/nodes/n/proxy/a%2Fb//c/?q=/x", "/api/v1/nodes/n/proxy", "/a%2Fb//c/", "?q=/x")]
    public void Path_IsCutBehindTheProxy(string target, string prefix, string rest, string query) =>
        Assert.Equal(new ProxyPath(prefix, rest, query), ProxyPath.Parse(target, 5));

    // B42, CVE-2020-8562: the server's own machine, and the link where clouds keep credentials, in every notation.
    [Theory]
    [InlineData("127.0.0.1")]
    [InlineData("127.8.8.8")]
    [InlineData("169.254.169.254")]
    [InlineData("::1")]
    [InlineData("::ffff:127.0.0.1")]
    [InlineData("::ffff:169.254.169.254")]
    [InlineData("fe80::1")]
    [InlineData("ff02::1")]
    [InlineData("224.0.0.1")]
    [InlineData("0.0.0.0")]
    [InlineData("::")]
    [InlineData("255.255.255.255")]
    [InlineData("2130706433")]
    [InlineData("0x7f.1")]
    [InlineData("")]
    [InlineData("localhost")]
    public void Address_OfTheServersOwnMachineOrLink_IsNotAllowed(string address) =>
        Assert.Equal((400, "address not allowed"), Refusal(() => ProxyableAddress.Check(address)));

    [Theory]
    [InlineData("10.244.0.2", "10.244.0.2")]
    [InlineData("::ffff:10.244.0.2", "10.244.0.2")]
    [InlineData("fd00::2", "fd00::2")]
    public void Address_OfAPod_IsAllowed(string address, string expected) => Assert.Equal(expected, ProxyableAddress.Check(address));

    [Fact]
    public async Task Host_ThatResolvesToTheServersOwnMachine_IsNotAllowed() => Assert.Equal(
        "address not allowed",
        (await Assert.ThrowsAsync<StatusException>(() => ProxyableAddress.ResolveAsync("localhost", TestContext.Current.CancellationToken))).Status.Message);

    private static (int Code, string Message) Refusal(Action act)
    {
        var status = Assert.Throws<StatusException>(act);
        return (status.Code, status.Message);
    }

    private sealed class Pieces(byte[] bytes, int size) : MemoryStream(bytes)
    {
        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
            base.ReadAsync(buffer[..Math.Min(size, buffer.Length)], cancellationToken);
    }
}
