using System.Text;

using MiniKube.Kubelet.Streaming.Commands;

namespace MiniKube.Kubelet.Tests.Streaming;

/// <summary>Sizes as clients send them: kubectl with a line feed after each, the JavaScript client without.</summary>
public sealed class TerminalSizeTests
{
    [Theory]
    [InlineData("{\"Width\":80,\"Height\":24}\n{\"Width\":100,\"Height\":50}\n", "80x24 100x50")]
    [InlineData("{\"Height\":24,\"Width\":80}{\"Height\":1,\"Width\":65535}", "80x24 65535x1")]
    [InlineData("", "")]
    [InlineData("{\"Width\":80,\"Height\":24}garbage}{\"Width\":1,\"Height\":1}", "80x24")]
    [InlineData("{\"Width\":80}", "")]
    [InlineData("{\"Width\":-1,\"Height\":70000}", "")]
    public async Task ReadAll_GivesSizesUntilSomethingElseComes(string sent, string expected)
    {
        using var stream = new MemoryStream(Encoding.UTF8.GetBytes(sent));
        var sizes = new List<string>();
        await foreach (var size in TerminalSize.ReadAllAsync(stream, TestContext.Current.CancellationToken))
        {
            sizes.Add($"{size.Width}x{size.Height}");
        }

        Assert.Equal(expected, string.Join(' ', sizes));
    }

    [Fact]
    public async Task ReadAll_OfEndlessText_GivesUp()
    {
        using var stream = new MemoryStream(new byte[1024 * 1024]);

        Assert.Empty(await TerminalSize.ReadAllAsync(stream, TestContext.Current.CancellationToken).ToListAsync(TestContext.Current.CancellationToken));
        Assert.InRange(stream.Position, 1, 1024);
    }
}
