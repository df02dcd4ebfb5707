using System.Net.Security;
using System.Text;

namespace MiniKube.ApiServer.Tests.BadInputs;

/// <summary>
/// Bodies whose end two servers could see at two places (B15): a proxy in front could let a second request pass unseen. It is refused or the connection ends
/// after one answer; what stands behind is never taken for a request.
/// </summary>
[Collection(AttackCollection.Name)]
public sealed class SmugglingTests(AttackedServer server)
{
    private const string Smuggled = "GET /api/v1/namespaces/bad/configmaps/a HTTP/1.1\r\nHost: x\r\n\r\n";

    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(30);

    [Theory]
    [InlineData("a line feed in a chunk's extension (CVE-2025-55315)", "Transfer-Encoding: chunked", "2;\n{}\r\n0\r\n\r\n", 400)]
    [InlineData("a line feed after a chunk's size", "Transfer-Encoding: chunked", "2\n{}\r\n0\r\n\r\n", 400)]
    [InlineData("a chunk longer than it says", "Transfer-Encoding: chunked", "1\r\n{}\r\n0\r\n\r\n", 400)]
    [InlineData("a chunk's size that is too large", "Transfer-Encoding: chunked", "FFFFFFFFFFFFFFFF\r\n{}\r\n0\r\n\r\n", 400)]
    [InlineData("a negative chunk", "Transfer-Encoding: chunked", "-2\r\n{}\r\n0\r\n\r\n", 400)]
    [InlineData("two lengths", "Content-Length: 2\r\nContent-Length: 70", "{}", 400)]
    [InlineData("an unknown encoding", "Transfer-Encoding: xchunked", "{}", 400)]
    [InlineData("chunks that are not last", "Transfer-Encoding: chunked, identity", "2\r\n{}\r\n0\r\n\r\n", 400)]
    [InlineData("a space before the colon", "Transfer-Encoding : chunked", "2\r\n{}\r\n0\r\n\r\n", 400)]
    [InlineData("a folded header", "X: y\r\n Content-Length: 70", "{}", 400)]
    public async Task B15_BodyOfTwoMeanings_IsRefused(string what, string headers, string body, int status)
    {
        var answer = "";

        var cost = await server.MeasureAsync(async () => answer = await SendAsync(headers, body));

        Assert.True(answer.StartsWith($"HTTP/1.1 {status} ", StringComparison.Ordinal), $"{what}: {answer}");
        Assert.Equal(2, answer.Split("HTTP/1.1 ").Length);
        cost.ExpectWithin(Bound);
    }

    [Fact]
    public async Task B15_LengthAndChunks_EndTheConnectionAfterOneAnswer()
    {
        var answer = "";

        // RFC 9112, 6.3: the chunks count, and the connection must not be used again.
        var cost = await server.MeasureAsync(async () => answer = await SendAsync("Content-Length: 5\r\nTransfer-Encoding: chunked", "0\r\n\r\n"));

        Assert.StartsWith("HTTP/1.1 4", answer, StringComparison.Ordinal);
        Assert.Equal(2, answer.Split("HTTP/1.1 ").Length);
        cost.ExpectWithin(Bound);
    }

    private async Task<string> SendAsync(string headers, string body)
    {
        await using var connection = await server.ConnectAsync(SslApplicationProtocol.Http11);
        await connection.WriteAsync(
            Encoding.ASCII.GetBytes($"POST /api/v1/namespaces/bad/configmaps HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n{headers}\r\n\r\n{body}{Smuggled}"),
            TestContext.Current.CancellationToken);
        return await AttackedServer.ReadToEndAsync(connection, Bound);
    }
}
