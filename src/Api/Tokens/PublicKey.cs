using System.Buffers.Text;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json.Nodes;

namespace MiniKube.Api.Tokens;

/// <summary>
/// A key that checks signatures of service account tokens. Its kind fixes the one algorithm that it is used with, whatever a token says: so neither
/// <c>none</c> nor an HMAC with the public key as its secret can pass.
/// </summary>
public sealed class PublicKey
{
    private readonly Lock _lock = new();
    private readonly AsymmetricAlgorithm _key;
    private readonly HashAlgorithmName _hash;

    public PublicKey(AsymmetricAlgorithm key)
    {
        _key = key;
        (Algorithm, _hash) = AlgorithmOf(key);
        Id = Base64Url.EncodeToString(SHA256.HashData(key.ExportSubjectPublicKeyInfo()));
    }

    /// <summary>RS256, ES256, ES384 or ES512.</summary>
    public string Algorithm { get; }

    /// <summary>The token's <c>kid</c>: a hash of the key, as upstream computes it, so that servers with the same key agree.</summary>
    public string Id { get; }

    internal static (string Algorithm, HashAlgorithmName Hash) AlgorithmOf(AsymmetricAlgorithm key) => key switch
    {
        RSA => ("RS256", HashAlgorithmName.SHA256),
        ECDsa { KeySize: 256 } => ("ES256", HashAlgorithmName.SHA256),
        ECDsa { KeySize: 384 } => ("ES384", HashAlgorithmName.SHA384),
        ECDsa { KeySize: 521 } => ("ES512", HashAlgorithmName.SHA512),
        _ => throw new CryptographicException("Service account keys are RSA, or ECDSA on the curves P-256, P-384 and P-521."),
    };

    public bool Verify(ReadOnlySpan<byte> data, ReadOnlySpan<byte> signature)
    {
        lock (_lock)
        {
            return _key switch
            {
                RSA rsa => rsa.VerifyData(data, signature, _hash, RSASignaturePadding.Pkcs1),
                ECDsa ecdsa => ecdsa.VerifyData(data, signature, _hash),
                _ => false,
            };
        }
    }

    /// <summary>As <c>/openid/v1/jwks</c> shows it.</summary>
    public JsonObject ToJwk()
    {
        var jwk = new JsonObject { ["use"] = "sig" };
        switch (_key)
        {
            case RSA rsa:
                var modulus = rsa.ExportParameters(false);
                (jwk["kty"], jwk["kid"], jwk["alg"]) = ("RSA", Id, Algorithm);
                (jwk["n"], jwk["e"]) = (Base64Url.EncodeToString(modulus.Modulus), Base64Url.EncodeToString(modulus.Exponent));
                break;
            case ECDsa ecdsa:
                var point = ecdsa.ExportParameters(false).Q;
                (jwk["kty"], jwk["kid"], jwk["crv"], jwk["alg"]) = ("EC", Id, $"P-{ecdsa.KeySize}", Algorithm);
                (jwk["x"], jwk["y"]) = (Base64Url.EncodeToString(point.X), Base64Url.EncodeToString(point.Y));
                break;
        }

        return jwk;
    }

    /// <summary>All keys of a PEM text: public keys, private keys (of which only the public half is used) and certificates.</summary>
    /// <param name="pem">The text.</param>
    /// <param name="source">Where it is from, for errors.</param>
    /// <exception cref="CryptographicException">There is no key in it, or one that cannot be used.</exception>
    public static IReadOnlyList<PublicKey> Parse(string pem, string source)
    {
        var keys = new List<PublicKey>();
        for (var rest = pem.AsSpan(); PemEncoding.TryFind(rest, out var fields); rest = rest[fields.Location.End..])
        {
            var block = rest[fields.Location].ToString();
            if (rest[fields.Label] is "CERTIFICATE")
            {
                using var certificate = X509Certificate2.CreateFromPem(block);
                AsymmetricAlgorithm? key = certificate.GetRSAPublicKey() ?? (AsymmetricAlgorithm?)certificate.GetECDsaPublicKey();
                keys.Add(new PublicKey(key ?? throw new CryptographicException($"{source}: the certificate has no usable key.")));
            }
            else if (rest[fields.Label] is not "EC PARAMETERS")
            {
                keys.Add(new PublicKey(SigningKey.Import(block, source)));
            }
        }

        return keys.Count > 0 ? keys : throw new CryptographicException($"{source}: there is no key in it.");
    }
}
