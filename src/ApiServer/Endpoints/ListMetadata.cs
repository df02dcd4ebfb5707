using System.Globalization;
using System.Text;

using MiniKube.ApiServer.WatchCache;

namespace MiniKube.ApiServer.Endpoints;

/// <summary>The metadata of a list.</summary>
internal sealed record ListMetadata(long Revision, string Continue = "", long? Remaining = null)
{
    public static ListMetadata OfObject(CachedObject obj) => new(obj.Revision);

    /// <summary>What follows <c>"metadata":{"resourceVersion":"</c>, to the end of the metadata.</summary>
    public byte[] ToJson()
    {
        var text = new StringBuilder().Append(CultureInfo.InvariantCulture, $"{Revision}\"");
        if (Continue.Length > 0)
        {
            text.Append(CultureInfo.InvariantCulture, $",\"continue\":\"{Continue}\"");
        }

        if (Remaining is { } remaining)
        {
            text.Append(CultureInfo.InvariantCulture, $",\"remainingItemCount\":{remaining}");
        }

        return Encoding.UTF8.GetBytes(text.Append('}').ToString());
    }
}
