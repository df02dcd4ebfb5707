using System.Globalization;
using System.Text.Json;

using MiniKube.ApiServer.WatchCache;

namespace MiniKube.ApiServer.Authentication.ServiceAccounts;

/// <summary>What of an object decides whether a token that is bound to it is good: read from its bytes without making nodes of them.</summary>
internal readonly record struct CachedIdentity(string Uid, DateTimeOffset? Deleted)
{
    public static CachedIdentity Of(CachedObject obj)
    {
        var identity = new CachedIdentity("", null);
        var reader = new Utf8JsonReader(obj.Bytes.Metadata.Span);
        reader.Read();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var isUid = reader.ValueTextEquals("uid"u8);
            var isDeletion = reader.ValueTextEquals("deletionTimestamp"u8);
            reader.Read();
            if (isUid)
            {
                identity = identity with { Uid = reader.GetString() ?? "" };
            }
            else if (isDeletion && DateTimeOffset.TryParse(reader.GetString(), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time))
            {
                identity = identity with { Deleted = time };
            }

            reader.Skip();
        }

        return identity;
    }
}
