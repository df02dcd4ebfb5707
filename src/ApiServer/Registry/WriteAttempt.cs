using System.Text.Json.Nodes;

using MiniKube.Storage;

namespace MiniKube.ApiServer.Registry;

/// <summary>A write about to be committed.</summary>
/// <param name="Object">What will be stored; null when the object is deleted.</param>
/// <param name="Old">What is stored; null when the object is created.</param>
/// <param name="Subresource">Such as <c>status</c>; empty for the object itself.</param>
/// <param name="Attempt">0 at first, then one more each time that a compare did not hold.</param>
/// <param name="Storage">To look what is taken. Writes belong into the returned parts only.</param>
public sealed record WriteAttempt(JsonObject? Object, JsonObject? Old, string Subresource, int Attempt, IKeyValueStore Storage);
