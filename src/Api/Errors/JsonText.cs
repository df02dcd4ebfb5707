using System.Text.Encodings.Web;
using System.Text.Json;

namespace MiniKube.Api.Errors;

/// <summary>How JSON is written inside messages: compact, without escaping what Go does not escape.</summary>
internal static class JsonText
{
    public static JsonSerializerOptions Relaxed { get; } = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
}
