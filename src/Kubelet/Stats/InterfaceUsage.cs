using System.Globalization;

namespace MiniKube.Kubelet.Stats;

/// <summary>What a network interface carried since it was made, in bytes and packets.</summary>
internal sealed record InterfaceUsage(
    string Name, long ReceivedBytes, long ReceivedPackets, long ReceiveErrors, long SentBytes, long SentPackets, long SendErrors)
{
    /// <summary>Those of a process's network namespace but for loopback; none if the process is gone.</summary>
    public static IReadOnlyList<InterfaceUsage> OfProcess(string pid)
    {
        try
        {
            return [.. File.ReadLines($"/proc/{pid}/net/dev").Select(Parse).OfType<InterfaceUsage>().Where(device => device.Name != "lo")];
        }
        catch (IOException)
        {
            return [];
        }
    }

    // name: bytes packets errs drop fifo frame compressed multicast, then the same of what was sent.
    private static InterfaceUsage? Parse(string line)
    {
        var words = line.Replace(':', ' ').Split(' ', StringSplitOptions.RemoveEmptyEntries);
        return words.Length >= 17 && long.TryParse(words[1], CultureInfo.InvariantCulture, out _)
            ? new InterfaceUsage(words[0], Number(words[1]), Number(words[2]), Number(words[3]), Number(words[9]), Number(words[10]), Number(words[11]))
            : null;
    }

    private static long Number(string text) => long.TryParse(text, CultureInfo.InvariantCulture, out var number) ? number : 0;
}
