using System.Globalization;

namespace MiniKube.ApiServer.Resources.ServiceAllocation;

/// <summary>The ports that nodes may open for Services (<c>--service-node-port-range</c>), both ends included.</summary>
internal sealed record PortRange(int First, int Last)
{
    public int Count => Last - First + 1;

    /// <summary>The ports below this one are left to those who choose their own (KEP-3668).</summary>
    public int DynamicStart => Count < 16 ? First : First + Math.Clamp(Count / 32, 16, 128);

    /// <exception cref="FormatException">Not two ports with a dash.</exception>
    public static PortRange Parse(string text)
    {
        var parts = text.Split('-');
        return parts.Length == 2
            && int.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out var first)
            && int.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out var last)
            && first is > 0 && last is <= 65535 && first <= last
                ? new PortRange(first, last)
                : throw new FormatException($"\"{text}\" is no range of ports such as 30000-32767");
    }

    public bool Contains(long port) => port >= First && port <= Last;

    public override string ToString() => $"{First}-{Last}";
}
