using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;

namespace MiniKube.Api.Tokens;

/// <summary>The key that signs service account tokens (<c>--service-account-signing-key-file</c>).</summary>
public sealed class SigningKey(AsymmetricAlgorithm key)
{
    private readonly Lock _lock = new();

    /// <summary>What its signatures are checked by.</summary>
    public PublicKey Public { get; } = new(key);

    /// <exception cref="CryptographicException">It is no such key.</exception>
    public static SigningKey Parse(string pem, string source) => new(Import(pem, source));

    /// <summary>A key of this process alone, for a server that was given none: its tokens end with it.</summary>
    public static SigningKey Create() => new(ECDsa.Create(ECCurve.NamedCurves.nistP256));

    /// <summary>Reads one RSA or ECDSA key, public or private, in any of its PEM forms.</summary>
    internal static AsymmetricAlgorithm Import(string pem, string source)
    {
        return TryImport(ECDsa.Create(), pem)
            ?? TryImport(RSA.Create(), pem)
            ?? throw new CryptographicException($"{source}: not an RSA or ECDSA key in PEM form.");
    }

    /// <summary>The claims as a signed token in compact form.</summary>
    public string Sign(JsonObject claims)
    {
        var header = new JsonObject { ["alg"] = Public.Algorithm, ["kid"] = Public.Id };
        var content = $"{Encode(header)}.{Encode(claims)}";
        var data = Encoding.ASCII.GetBytes(content);
        var (_, hash) = PublicKey.AlgorithmOf(key);
        lock (_lock)
        {
            var signature = key is RSA rsa ? rsa.SignData(data, hash, RSASignaturePadding.Pkcs1) : ((ECDsa)key).SignData(data, hash);
            return $"{content}.{Base64Url.EncodeToString(signature)}";
        }
    }

    private static string Encode(JsonObject json) => Base64Url.EncodeToString(Encoding.UTF8.GetBytes(json.ToJsonString()));

    private static AsymmetricAlgorithm? TryImport(AsymmetricAlgorithm algorithm, string pem)
    {
        try
        {
            algorithm.ImportFromPem(pem);
            return algorithm;
        }
        catch (Exception error) when (error is CryptographicException or ArgumentException)
        {
            // Of the other kind, which is tried next.
            algorithm.Dispose();
            return null;
        }
    }
}
